'use client'

import { RunCheck } from '@/components/flow/act/run-check'
import { RequestId } from '@/components/flow/result/request-id'
import { Banner } from '@/components/ui/banner'
import type { InputOf } from '@/lib/contract/endpoints'
import { useTranslations } from '@/lib/i18n/translations'
import type { useDryRun } from './queries'

const fieldsWithCode = ['code', 'namePrefix']
const noFields: string[] = []

/** Asks whether the directory would be enabled. @param toInput of the form around it; left out where no code is needed */
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

/** Not of the call itself, which says nothing of the account. */
function saysWhatIsMissing(code: string): boolean {
  return /^(account|directory|site|phone)\./.test(code)
}
