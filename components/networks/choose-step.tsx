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

// Most networks are attached to the account's own CEN, so the parts for another account's CEN are loaded when
// that option is chosen. Without a `Suspense` of their own, the choice would show only once they are loaded.
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
 * The choice of the CEN that the network will be attached to.
 * @param last the intent before this step, while the page is open
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
  // Both options keep their input while the other one is shown.
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

  // While the own CENs are shown, nothing else clears the pending focus: it would take effect when the other
  // option is chosen later.
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

/** Shown before anything is done: it does not block the change, but this console cannot vouch for it. */
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

/** The proof of a detach, until something else is done with the network. */
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
