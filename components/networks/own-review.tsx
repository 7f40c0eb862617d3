'use client'

import { Review } from '@/components/flow/act/review'
import { RunCheck } from '@/components/flow/act/run-check'
import type { Cen, NetworkRow } from '@/lib/contract/networks'
import { useTranslations } from '@/lib/i18n/translations'
import { CheckAnswer, CheckDetails } from './cen-check'
import { CenFacts, NetworkFacts } from './facts'
import type { useCheckCen } from './queries'

const fields = ['cenId']

/** For the own CEN that was chosen: the optional check, and what will be attached. */
export function OwnReview({
  network,
  regionName,
  cen,
  check,
}: {
  network: NetworkRow
  regionName: string
  cen: Cen
  check: ReturnType<typeof useCheckCen>
}) {
  const t = useTranslations('attach')
  return (
    <>
      <RunCheck
        check={check}
        fields={fields}
        toInput={() => ({ cenId: cen.id })}
        words={{ verb: t('check.verb'), busy: t('check.busy'), note: t('check.note') }}
        details={(answer) => <CheckDetails answer={answer} />}
      >
        {(answer) => <CheckAnswer answer={answer} range={network.cidrBlock} requiresCode={false} />}
      </RunCheck>
      <Review title={t('review.title')} final={t('review.final')}>
        <NetworkFacts network={network} regionName={regionName} />
        <CenFacts cenId={cen.id} cenName={cen.name} ownerId={null} />
      </Review>
    </>
  )
}
