'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useForm, useWatch } from 'react-hook-form'
import { StepLayout } from '@/components/flow/step-layout'
import { Banner } from '@/components/ui/banner'
import { Segmented } from '@/components/ui/segmented'
import { CenId, ForeignCen as ForeignCenSchema, OwnerId } from '@/lib/contract/cen'
import type { AttachFlow, Cen } from '@/lib/contract/networks'
import type { StepProps, Whose } from './attach-screen'
import { ForeignCen } from './foreign-cen'
import { JoinedCard } from './joined-card'
import { OwnCen } from './own-cen'
import { grouped } from './owner-id'
import { OwnerWords } from './owner-words'

/**
 * Which CEN the network is to join.
 * @param last what was to be done before this step, while the page is open
 */
export function ChooseStep({
  flow,
  asOf,
  regionName,
  whose,
  onWhose,
  last,
}: StepProps & { whose: Whose; onWhose: (whose: Whose) => void; last: AttachFlow['intent'] }) {
  const t = useTranslations('networks.choose')
  const { network } = flow
  // Both halves keep what was chosen in them while the other one is shown.
  const [own, setOwn] = useState<Cen | null>(null)
  const foreign = useForm({
    mode: 'onTouched',
    defaultValues: {
      cenId: last?.ownerId ? last.cenId : '',
      ownerId: grouped(last?.ownerId ?? '', ' '),
    },
    resolver: zodResolver(ForeignCenSchema),
  })
  const [cenText, ownerText] = useWatch({ control: foreign.control, name: ['cenId', 'ownerId'] })
  const cenId = CenId.safeParse(cenText).data ?? null
  const ownerId = OwnerId.safeParse(ownerText).data ?? null
  return (
    <StepLayout
      title={t('title')}
      step={1}
      note={t('note', { name: network.name || network.id, region: regionName })}
      side={
        whose === 'own' ? (
          <JoinedCard
            network={network}
            whose={whose}
            cenId={own?.id ?? null}
            cenName={own?.name || own?.id}
          />
        ) : (
          <>
            <JoinedCard network={network} whose={whose} cenId={cenId} owner={ownerId && grouped(ownerId)} />
            {cenId && ownerId && (
              <OwnerWords network={network} regionName={regionName} cenId={cenId} ownerId={ownerId} />
            )}
          </>
        )
      }
    >
      {last?.act === 'detach' && (
        <Banner tone="ok" title={t('detached')}>
          {t('detachedBody')}
        </Banner>
      )}
      <Segmented
        label={t('whose')}
        value={whose}
        onValueChange={onWhose}
        options={[
          { value: 'own', label: <span className="whitespace-nowrap">{t('own')}</span> },
          { value: 'foreign', label: <span className="whitespace-nowrap">{t('foreign')}</span> },
        ]}
        className="w-fit max-md:w-full"
      />
      {whose === 'own' ? (
        <OwnCen flow={flow} asOf={asOf} regionName={regionName} picked={own} onPick={setOwn} />
      ) : (
        <ForeignCen flow={flow} asOf={asOf} form={foreign} cenGood={cenId !== null} />
      )}
    </StepLayout>
  )
}
