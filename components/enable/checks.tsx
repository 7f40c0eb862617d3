'use client'

import { type Check, ChecksCard } from '@/components/flow/act/checks-card'
import { warnAtCodes } from '@/lib/contract/code-attempts'
import type { EnableFlow } from '@/lib/contract/enable'
import type { EnableMode } from '@/lib/contract/enable-mode'
import type { ShownError } from '@/lib/contract/errors'
import type { ParsedNumber } from '@/lib/contract/phone-number'
import { useTranslations } from '@/lib/i18n/translations'

/** What is known about an account before anything is sent, and what cannot be known. */
export function Checks({
  flow,
  mode,
  number = null,
  own = false,
  refusal,
  passed = false,
}: {
  flow: EnableFlow
  mode: EnableMode
  /** As typed; null until it is parsed. */
  number?: ParsedNumber | null
  /** No number was typed: the account's own phone is used. */
  own?: boolean
  /** The refusal of the last call that needs the same permission. */
  refusal?: ShownError | undefined
  /** A dry run found nothing missing. */
  passed?: boolean
}) {
  const t = useTranslations('enable.checks')
  const requiresCode = mode === 'new'

  const phone: Check =
    own || number === null
      ? {
          key: 'phone',
          state: 'unknown',
          ...(own ? {} : { unchecked: true }),
          text: t(own ? 'numberOwn' : 'numberFits'),
          source: own ? t('ownSource') : t(`site.${flow.site}`),
        }
      : {
          key: 'phone',
          state: number.ok ? 'pass' : 'warn',
          text: t(number.ok ? 'numberFits' : 'numberUnfit'),
          source: t(`site.${flow.site}`),
        }
  const today: Check = {
    key: 'today',
    state: flow.sentToday >= warnAtCodes ? 'warn' : 'pass',
    text: t('today', { count: flow.sentToday }),
    source: t('todaySource', { warn: warnAtCodes }),
  }
  const checks: Check[] = [
    {
      key: 'caller',
      state: 'pass',
      text: t('caller'),
      source: t('callerSource', { name: flow.operatorName }),
    },
    { key: 'none', state: 'pass', text: t('none'), source: t('noneSource') },
    ...(requiresCode ? [phone, today] : []),
    passed
      ? { key: 'fit', state: 'pass', text: t('fit'), source: t('fitPassed') }
      : saysWhatIsMissing(refusal)
        ? { key: 'fit', state: 'warn', text: t('fit'), source: t('fitRefused') }
        : {
            key: 'fit',
            state: 'unknown',
            unchecked: true,
            text: t('fit'),
            source: t(requiresCode ? 'fitNew' : 'fitCurrent'),
          },
    {
      key: 'right',
      text: t(requiresCode ? 'rightNew' : 'right'),
      ...(passed
        ? { state: 'pass', source: t('rightPassed') }
        : refusal?.code === 'cloud.permission'
          ? { state: 'warn', source: t('rightRefused') }
          : { state: 'unknown', source: t('rightSource') }),
    },
  ]
  return <ChecksCard title={t('title')} checks={checks} />
}

/** Whether the refusal is about what the account lacks, not about the call itself. */
function saysWhatIsMissing(refusal: ShownError | undefined): boolean {
  return refusal?.code.startsWith('account.') ?? false
}
