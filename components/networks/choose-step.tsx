'use client'

import { useFormatter } from 'next-intl'
import { Suspense, useEffect, useState } from 'react'
import { type ResolverResult, useForm, useWatch } from 'react-hook-form'
import { StillOpen } from '@/components/flow/code/still-open'
import { useFlowFrame } from '@/components/flow/frame/flow-context'
import { StepLayout } from '@/components/flow/frame/step-layout'
import { RequestId } from '@/components/flow/result/request-id'
import { useTyped } from '@/components/form/typed'
import { lazyPart } from '@/components/shell/lazy-part'
import { Banner } from '@/components/ui/banner'
import { Segmented } from '@/components/ui/segmented'
import { readCenId, readOwnerId } from '@/lib/contract/cen'
import type { AttachFlow, Cen, NetworkRow } from '@/lib/contract/networks'
import { useTranslations } from '@/lib/i18n/translations'
import { JoinedCard } from './joined-card'
import { OwnCen } from './own-cen'
import { grouped } from './owner-id'
import type { Asker, CrossAccountValues, StepProps, Whose } from './step'

// Most networks join an own CEN: what another account's needs comes with the press that chooses it. Without a place of its
// own to wait in, that press would show only once everything is there.
const CrossAccountCen = lazyPart(() => import('./cross-account-cen').then((half) => half.CrossAccountCen))
const OwnerWords = lazyPart(() => import('./owner-words').then((card) => card.OwnerWords))

function readCrossAccount(values: CrossAccountValues): ResolverResult<CrossAccountValues> {
  const [cen, owner] = [readCenId(values.cenId), readOwnerId(values.ownerId)]
  if (cen.fault === null && owner.fault === null)
    return { values: { cenId: cen.value, ownerId: owner.value }, errors: {} }
  return {
    values: {},
    errors: {
      ...(cen.fault !== null && { cenId: { type: 'read', message: cen.fault } }),
      ...(owner.fault !== null && { ownerId: { type: 'read', message: owner.fault } }),
    },
  }
}

/**
 * Which CEN the network is to join.
 * @param last what was to be done before this step, while the page is open
 */
export function ChooseStep({
  flow,
  regionName,
  asker,
  whose,
  onWhose,
  last,
}: StepProps & {
  asker: Asker
  whose: Whose
  onWhose: (whose: Whose) => void
  last: AttachFlow['intent']
}) {
  const t = useTranslations('attach.choose')
  const { network } = flow
  // Both halves keep what was chosen in them while the other one is shown.
  const [own, setOwn] = useState<Cen | null>(null)
  const crossAccount = useForm<CrossAccountValues, unknown, CrossAccountValues>({
    mode: 'onTouched',
    defaultValues: {
      cenId: last?.ownerId ? last.cenId : '',
      ownerId: grouped(last?.ownerId ?? '', ' '),
    },
    resolver: readCrossAccount,
  })
  useTyped(crossAccount.formState.isDirty)
  const [cenText, ownerText] = useWatch({ control: crossAccount.control, name: ['cenId', 'ownerId'] })
  const { value: cenId } = readCenId(cenText)
  const { value: ownerId } = readOwnerId(ownerText)

  // Where the own half is shown nothing takes that note: it would take the focus from a later press on the other one.
  const { memory } = useFlowFrame()
  useEffect(() => {
    if (whose === 'own') memory.takeFirstField()
  }, [memory, whose])

  return (
    <StepLayout
      title={t('title')}
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
              <Suspense>
                <OwnerWords
                  flow={flow}
                  asker={asker}
                  regionName={regionName}
                  cenId={cenId}
                  ownerId={ownerId}
                />
              </Suspense>
            )}
          </>
        )
      }
    >
      {flow.detached && <Detached {...flow.detached} />}
      {network.unknown.length > 0 && <UnknownWords unknown={network.unknown} />}
      <StillOpen />
      <Segmented
        label={t('whose')}
        value={whose}
        onValueChange={onWhose}
        options={[
          { value: 'own', label: <span className="whitespace-nowrap">{t('own')}</span> },
          { value: 'crossAccount', label: <span className="whitespace-nowrap">{t('crossAccount')}</span> },
        ]}
        className="w-fit max-md:w-full"
      />
      {whose === 'own' ? (
        <OwnCen
          flow={flow}
          regionName={regionName}
          picked={own}
          firstId={last?.act === 'attach' && !last.ownerId ? last.cenId : null}
          onPick={setOwn}
        />
      ) : (
        <Suspense>
          <CrossAccountCen flow={flow} form={crossAccount} cenGood={cenId !== null} />
        </Suspense>
      )}
    </StepLayout>
  )
}

/** Said before anything is done: no obstacle, but nothing this console can vouch for. */
function UnknownWords({ unknown }: Pick<NetworkRow, 'unknown'>) {
  const t = useTranslations('attach.unknown')
  const none = useTranslations('common')('none')
  const format = useFormatter()
  const words = unknown.map(({ what, word }) => t(what, { word: word ?? none }))
  return (
    <Banner tone="info" title={t('title')}>
      {t('body', { words: format.list(words) })}
    </Banner>
  )
}

/** The proof of a detaching, until something else is done with the network. */
function Detached({ cenId, at, operatorName, requestId }: NonNullable<AttachFlow['detached']>) {
  const t = useTranslations('attach.choose')
  const format = useFormatter()
  const time = format.dateTime(new Date(at), 'proof')
  return (
    <Banner tone="ok" title={t('detached')}>
      <p>{t(requestId ? 'detachedBy' : 'detachedFound', { cen: cenId, name: operatorName, time })}</p>
      <RequestId id={requestId} />
      <p className="mt-1">{t('detachedBody')}</p>
    </Banner>
  )
}
