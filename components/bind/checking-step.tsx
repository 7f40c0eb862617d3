'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { CheckingStep as Checking } from '@/components/flow/checking-step'
import { Endings } from '@/components/flow/endings'
import { FlowFailure } from '@/components/flow/flow-failure'
import { LaterLink, VendorLink } from '@/components/flow/links'
import { failureOf } from '@/components/flow/queries'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import type { CodeRequestView } from '@/lib/contract/code-flow'
import type { BindFlow } from '@/lib/contract/phone'
import { vendorConsole } from '@/lib/contract/site'
import { useChangeNumber, useLookUpPhone } from './queries'

/** A bind whose outcome nobody knows: the member is looked up, nothing is sent again. */
export function CheckingStep({ flow: { member, request, site } }: { flow: BindFlow }) {
  const t = useTranslations('bind')
  const look = useLookUpPhone(member.id)
  if (!request) return null
  const words = { phone: request.numberMasked ?? '', member: member.displayName }
  return (
    <Checking
      request={request}
      title={t('checking.title')}
      step={2}
      body={t('checking.body', words)}
      sent={t('checking.sent')}
      notYet={t(`checking.${foundOf(request)}`)}
      look={look}
      input={{ memberId: member.id }}
      endings={
        <Endings
          done={{ name: t('endings.bound'), note: t('endings.boundNote') }}
          notDone={{ name: t('endings.notBound'), note: t('endings.notBoundNote') }}
        />
      }
    >
      <VendorLink href={vendorConsole[site]} size="form" />
      {request.mayConclude && <Conclude memberId={member.id} requestId={request.id} words={words} />}
      <LaterLink href={`/members/${member.id}`} />
    </Checking>
  )
}

function foundOf({ lookupResult }: CodeRequestView) {
  if (lookupResult === 'not_reported') return 'notReported'
  return lookupResult === 'gone' ? 'gone' : 'noPhoneYet'
}

/** The way on where no check tells the outcome: somebody goes on knowing that it is not known. */
function Conclude({
  memberId,
  requestId,
  words,
}: {
  memberId: string
  requestId: string
  words: { phone: string; member: string }
}) {
  const t = useTranslations('bind.conclude')
  const cancel = useTranslations('common')('cancel')
  const [asking, setAsking] = useState(false)
  const conclude = useChangeNumber(memberId)
  const failure = failureOf(conclude.error)
  return (
    <>
      <Button size="form" onClick={() => setAsking(true)}>
        {t('act')}
      </Button>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={t('title')}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{cancel}</Button>
            <Button
              variant="primary"
              busy={conclude.isPending}
              busyLabel={t('busy')}
              onClick={() => conclude.mutate({ memberId, requestId, unresolved: true })}
            >
              {t('confirm')}
            </Button>
          </>
        }
      >
        {t('body', words)}
        {failure && <FlowFailure error={failure.body} />}
      </Dialog>
    </>
  )
}
