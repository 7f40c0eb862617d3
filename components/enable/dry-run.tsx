'use client'

import { RunCheck } from '@/components/flow/act/run-check'
import { RequestId } from '@/components/flow/result/request-id'
import { Banner } from '@/components/ui/banner'
import type { InputOf } from '@/lib/contract/endpoints'
import { useTranslations } from '@/lib/i18n/translations'
import type { useDryRun } from './queries'

const fieldsWithCode = ['code', 'namePrefix']
const noFields: string[] = []

/**
 * A dry run of enabling the directory.
 * @param toInput from the surrounding form; omitted if no code is required
 */
export function DryRun({
  dryRun,
  toInput,
}: {
  dryRun: ReturnType<typeof useDryRun>
  toInput?: () => InputOf<'tryEnable'>
}) {
  const t = useTranslations('enable.dryRun')
  return (
    <RunCheck
      check={dryRun}
      fields={toInput ? fieldsWithCode : noFields}
      toInput={toInput ?? (() => ({}))}
      words={{
        verb: t('verb'),
        busy: t('busy'),
        note: t(toInput ? 'noteWithCode' : 'note'),
        refused: ({ code }) => saysWhatIsMissing(code) && <p>{t('stopped')}</p>,
      }}
    >
      {({ requestId }) => (
        <Banner tone="ok" title={t('passed')}>
          {t('passedBody')}
          <p className="mt-1">
            <RequestId id={requestId} />
          </p>
        </Banner>
      )}
    </RunCheck>
  )
}

/** Whether the refusal is about the account, not about the call itself. */
function saysWhatIsMissing(code: string): boolean {
  return /^(account|directory|site|phone)\./.test(code)
}
