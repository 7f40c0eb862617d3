'use client'

import { CheckingStep as Checking } from '@/components/flow/act/checking-step'
import { DiscardButton, NotAllowed } from '@/components/flow/code/discard'
import { FlowFailure } from '@/components/flow/frame/flow-failure'
import { failureOf } from '@/lib/browser/call'
import type { CodeRequestView } from '@/lib/contract/code-flow'
import type { BindFlow } from '@/lib/contract/phone'
import { vendorConsole } from '@/lib/contract/site'
import { useNumberWords } from '@/lib/i18n/number-words'
import { useTranslations } from '@/lib/i18n/translations'
import { useDiscardCode, useReconcilePhone } from './queries'

/** A bind with an unknown outcome: the member is read to reconcile it, and nothing is sent again. */
export function CheckingStep({ flow }: { flow: BindFlow }) {
  const { member, request, site } = flow
  const t = useTranslations('bind')
  const numberWords = useNumberWords()
  const reconcile = useReconcilePhone(member.id)
  if (!request) return null
  const words = { phone: numberWords(request), member: member.displayName }
  return (
    <Checking
      reconcile={reconcile}
      vendor={vendorConsole[site]}
      words={{
        title: t('checking.title'),
        body: t('checking.body', words),
        sent: t('checking.sent'),
        notYet: t(`checking.${foundOf(request)}`),
      }}
      outcomes={{
        done: { name: t('outcomes.bound'), note: t('outcomes.boundNote') },
        notDone: { name: t('outcomes.notBound'), note: t('outcomes.notBoundNote') },
      }}
    >
      {request.mayConclude && <Conclude flow={flow} requestId={request.id} words={words} />}
    </Checking>
  )
}

function foundOf({ reconcileResult }: CodeRequestView) {
  if (reconcileResult === 'not_reported') return 'notReported'
  return reconcileResult === 'gone' ? 'gone' : 'noPhoneYet'
}

/** If no check reports the outcome, an operator can continue, knowing that it is unknown. */
function Conclude({
  flow: { member, discardRefusal },
  requestId,
  words,
}: {
  flow: BindFlow
  requestId: string
  words: { phone: string; member: string }
}) {
  const t = useTranslations('bind.conclude')
  const conclude = useDiscardCode(member.id)
  const failure = failureOf(conclude.error)
  if (discardRefusal && !failure) return <NotAllowed refusal={discardRefusal} />
  return (
    <>
      {failure && <FlowFailure error={failure} />}
      {!discardRefusal && (
        <DiscardButton
          act={conclude}
          input={{ requestId, unresolved: true }}
          size="form"
          words={{
            verb: t('act'),
            busy: t('busy'),
            title: t('title'),
            body: t('body', words),
            confirm: t('confirm'),
          }}
        />
      )}
    </>
  )
}
