'use client'

import { Mail, MessageSquare } from 'lucide-react'
import { useFormatter } from 'next-intl'
import { AccountId } from '@/components/ui/account-id'
import { CopyButton } from '@/components/ui/copy-button'
import { cx } from '@/components/ui/cx'
import { VisuallyHidden } from '@/components/ui/visually-hidden'
import type { SandboxMessage } from '@/lib/contract/sandbox'
import { useTranslations } from '@/lib/i18n/translations'

const newForSeconds = 60
const codeClass = 'text-[1.625rem]/8 tracking-[0.06em] tabular-nums'

/** One code: its recipient, its purpose and its expiry. @param time the sandbox's, in milliseconds */
export function Message({ message, time }: { message: SandboxMessage; time: number }) {
  const t = useTranslations('sandbox.inbox')
  const format = useFormatter()
  const { channel, to, operation, accountId, accountName, code } = message
  const sentAt = Date.parse(message.sentAt)
  const secondsLeft = Math.ceil((Date.parse(message.expiresAt) - time) / 1000)
  const isVoid = message.voidBecause !== null || secondsLeft <= 0
  const isNew = !isVoid && time - sentAt < newForSeconds * 1000
  const purpose = `purpose.${operation}` as Parameters<typeof t.has>[0]
  const clockTime = (instant: number) => format.dateTime(instant, 'second')
  function validity() {
    if (message.voidBecause === 'newer_code') return t('newerCode')
    if (message.voidBecause === 'used') return t('used')
    if (isVoid) return t('expired', { time: clockTime(Date.parse(message.expiresAt)) })
    return t('validFor', { time: minutesAndSeconds(secondsLeft) })
  }

  return (
    <li
      data-new={isNew || undefined}
      className="flex flex-wrap items-center gap-x-3.5 gap-y-2 border-b border-line px-4 py-3 transition-colors last:border-b-0 data-new:bg-accentSoft"
    >
      <span
        title={t(channel)}
        className="grid size-9 shrink-0 place-items-center self-start rounded-panel border border-line bg-surface text-text2 sm:self-center"
      >
        {channel === 'sms' ? <MessageSquare /> : <Mail />}
        <VisuallyHidden>{t(channel)}</VisuallyHidden>
      </span>
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex flex-wrap items-baseline gap-x-3 font-medium tabular-nums">
          <span translate="no" className="wrap-anywhere">
            {to}
          </span>
          {isNew && <span className="text-small text-accentText">{t('new')}</span>}
        </p>
        <p className="text-small text-text2">
          {t.has(purpose) ? t(purpose as 'purpose.SendVerificationCodeForBindSecureMobilePhone') : operation}{' '}
          ·{' '}
          {accountName && (
            <>
              <span translate="no" className="wrap-anywhere">
                {accountName}
              </span>
              {' · '}
            </>
          )}
          <AccountId id={accountId} />
        </p>
        <p className="text-small text-text3 tabular-nums">
          {format.relativeTime(Math.min(sentAt, time), { now: time, style: 'narrow' })} · {clockTime(sentAt)}{' '}
          · <span className="whitespace-nowrap">{validity()}</span>
        </p>
      </div>
      <div className="flex items-center gap-3.5 max-sm:ml-12.5">
        {isVoid ? (
          <s className={cx(codeClass, 'font-medium text-text3')}>{code}</s>
        ) : (
          <span translate="no" className={cx(codeClass, 'font-semibold text-text')}>
            {code}
          </span>
        )}
        <span className="flex w-20 justify-end">
          {isVoid ? <span className="text-small text-text3">{t('void')}</span> : <CopyCode code={code} />}
        </span>
      </div>
    </li>
  )
}

function CopyCode({ code }: { code: string }) {
  const t = useTranslations('sandbox.inbox')
  const common = useTranslations('common')
  return (
    <CopyButton
      value={code}
      label={t('copyCode', { code })}
      copiedLabel={common('copied')}
      failedLabel={common('copyFailed')}
      className="mx-0 min-h-7 border border-lineStrong bg-surface"
    >
      {common('copy')}
    </CopyButton>
  )
}

function minutesAndSeconds(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
