'use client'

import { BlockedStep as Blocked, NextAction } from '@/components/flow/frame/blocked-step'
import { useFlowFrame } from '@/components/flow/frame/flow-context'
import { VendorLink } from '@/components/flow/frame/links'
import { Link } from '@/components/shell/link'
import { AccountId } from '@/components/ui/account-id'
import { buttonClass } from '@/components/ui/button-class'
import type { EnableFlow } from '@/lib/contract/enable'
import { accountNameSuffix } from '@/lib/contract/enable-mode'
import { vendorConsole } from '@/lib/contract/site'
import { useTranslations } from '@/lib/i18n/translations'
import { useRefreshViewer } from './queries'

/**
 * The account already has a directory, or belongs to another account's: shown before anything is sent.
 * @param known see `useRefreshViewer`
 */
export function BlockedStep({ flow, known }: { flow: EnableFlow; known: string | undefined }) {
  const t = useTranslations('enable.blocked')
  const { directory, site, accountToAllow } = flow
  useRefreshViewer(flow, known)
  const { done } = useFlowFrame().exits
  const blockedReason = flow.blockedReason ?? 'managing'
  // The call without a response may or may not have created this directory: show both names for comparison.
  const shown = flow.request?.state === 'apply_unknown' ? 'unknown' : blockedReason
  const names = {
    asked: (flow.intent?.namePrefix ?? '') + accountNameSuffix,
    name: directory?.managementAccountName ?? '',
  }
  const primary = buttonClass({ variant: 'primary' })
  return (
    <Blocked
      title={t(`${shown}.title`)}
      note={shown === 'unknown' ? t('unknown.note') : undefined}
      blockedReason={{
        tone: shown === 'unknown' ? 'warn' : 'info',
        cause: t(`${shown}.cause`, names),
        next: t(`${shown}.next`),
      }}
    >
      {blockedReason === 'newer_version' ? null : blockedReason === 'managing' ? (
        <NextAction
          name={t('members')}
          note={t.rich('membersNote', { id: () => <span translate="no">{directory?.directoryId}</span> })}
        >
          {done && (
            <Link href={done.href} className={primary}>
              {t('membersAct')}
            </Link>
          )}
        </NextAction>
      ) : (
        <>
          <NextAction
            name={t('manager')}
            note={t.rich(accountToAllow ? 'managerNoteAllow' : 'managerNote', {
              id: () => <AccountId id={directory?.managementAccountId ?? ''} />,
            })}
          >
            {/* A full page load: nothing from the ended session may remain. */}
            <a href="/sign-in" className={primary}>
              {t('managerAct')}
            </a>
          </NextAction>
          <NextAction name={t('leave')} note={t('leaveNote')}>
            <VendorLink href={vendorConsole[site]} />
          </NextAction>
        </>
      )}
    </Blocked>
  )
}
