'use client'

import { useTranslations } from 'next-intl'
import { CheckingStep as Checking } from '@/components/flow/checking-step'
import { Endings } from '@/components/flow/endings'
import { LaterLink, VendorLink } from '@/components/flow/links'
import type { BindFlow } from '@/lib/contract/phone'
import { vendorConsole } from '@/lib/contract/site'
import { useLookUpPhone } from './queries'

/** A bind whose outcome nobody knows: the member is looked up, nothing is sent again. */
export function CheckingStep({ flow: { member, request, site } }: { flow: BindFlow }) {
  const t = useTranslations('bind')
  const look = useLookUpPhone(member.id)
  if (!request) return null
  return (
    <Checking
      request={request}
      title={t('checking.title')}
      step={2}
      body={t('checking.body', { phone: request.numberMasked ?? '', member: member.displayName })}
      sent={t('checking.sent')}
      notYet={t('checking.noPhoneYet')}
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
      <LaterLink href={`/members/${member.id}`} />
    </Checking>
  )
}
