'use client'

import type { ActState } from '@/components/flow/act-form'
import { Review } from '@/components/flow/review'
import { Trial } from '@/components/flow/trial'
import type { Cen, NetworkRow } from '@/lib/contract/networks'
import { useTranslations } from '@/lib/i18n/translations'
import { CheckAnswer, CheckDetails } from './cen-check'
import { CenFacts, NetworkFacts } from './facts'
import type { useCheckCen } from './queries'

const fields = ['cenId']

/** Of the own CEN that was chosen: the check on request, and what will be joined. */
export function OwnReview({
  network,
  regionName,
  cen,
  act,
  check,
}: {
  network: NetworkRow
  regionName: string
  cen: Cen
  act: ActState
  check: ReturnType<typeof useCheckCen>
}) {
  const t = useTranslations('attach')
  const input = { region: network.region, networkId: network.id, cenId: cen.id }
  return (
    <>
      <Trial
        act={act}
        trial={check}
        fields={fields}
        toInput={() => input}
        verb={t('check.verb')}
        busyVerb={t('check.busy')}
        note={t('check.note')}
        details={(answer) => <CheckDetails answer={answer} />}
      >
        {(answer) => <CheckAnswer answer={answer} range={network.cidrBlock} coded={false} />}
      </Trial>
      <Review title={t('review.title')} final={t('review.final')}>
        <NetworkFacts network={network} regionName={regionName} />
        <CenFacts cenId={cen.id} cenName={cen.name} ownerId={null} />
      </Review>
    </>
  )
}
