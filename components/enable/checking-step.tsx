'use client'

import { CheckingStep as Checking } from '@/components/flow/act/checking-step'
import { Endings } from '@/components/flow/act/endings'
import { LaterLink, VendorLink } from '@/components/flow/frame/links'
import { userOf } from '@/components/flow/request'
import { useEndToldHere } from '@/components/shell/use-end-told-here'
import type { EnableFlow } from '@/lib/contract/enable'
import type { EnableMode } from '@/lib/contract/enable-mode'
import { vendorConsole } from '@/lib/contract/site'
import { useTranslations } from '@/lib/i18n/translations'
import { useLookUp } from './queries'

/** An enabling whose outcome nobody knows: the directory is looked up, nothing is sent again. */
export function CheckingStep({ flow, way, step }: { flow: EnableFlow; way: EnableMode; step: number }) {
  const t = useTranslations('enable')
  const look = useLookUp()
  const { request, site } = flow
  // What the look-up finds may have ended this session.
  useEndToldHere(look.isPending && way === 'new')
  if (!request) return null
  return (
    <Checking
      request={request}
      title={t(request.state === 'applying' ? 'checking.running' : 'checking.title')}
      step={step}
      body={request.state === 'applying' ? t('enablingNow', userOf(flow)) : t('checking.body')}
      sent={t('checking.sent')}
      notYet={t('checking.notYet')}
      look={look}
      input={{}}
      endings={
        <Endings
          done={{ name: t('endings.done'), note: t(`endings.doneNote.${way}`) }}
          notDone={{ name: t('endings.notDone'), note: t(`endings.notDoneNote.${way}`) }}
        />
      }
    >
      <VendorLink href={vendorConsole[site]} size="form" />
      <LaterLink href="/members" />
    </Checking>
  )
}
