'use client'

import { useTranslations } from 'next-intl'
import { Fragment } from 'react'
import { CodePanel } from '@/components/ui/code-panel'
import { CopyButton } from '@/components/ui/copy-button'

/** The same two calls with the vendor's command line tool. Number and code are not kept: they are placeholders. */
export function CliPanel({ memberId, numberMasked }: { memberId: string; numberMasked: string }) {
  const t = useTranslations('bind.commandLine')
  const common = useTranslations('common')
  const countryCode = numberMasked.slice(1).split('-')[0]
  const phone = `'${countryCode}-<number>'`
  const tabs = [
    {
      key: 'send',
      operation: 'SendVerificationCodeForBindSecureMobilePhone',
      parameters: [`--AccountId ${memberId}`, `--SecureMobilePhone ${phone}`],
    },
    {
      key: 'bind',
      operation: 'BindSecureMobilePhone',
      parameters: [`--AccountId ${memberId}`, `--SecureMobilePhone ${phone}`, "--VerificationCode '<code>'"],
    },
  ] as const

  const [send, bind] = tabs.map(({ key, operation, parameters }, index) => ({
    key,
    label: `${index + 1} ${t(key)}`,
    code: (
      <>
        <span className="text-codeDim"># {t('note')}</span>
        {'\n'}aliyun resourcemanager <span className="text-codeKey">{operation}</span>
        {parameters.map((parameter) => (
          <Fragment key={parameter}>
            {' \\\n  '}
            {parameter}
          </Fragment>
        ))}
      </>
    ),
    copy: (
      <CopyButton
        tone="code"
        value={[`aliyun resourcemanager ${operation}`, ...parameters].join(' \\\n  ')}
        label={t('copy')}
        copiedLabel={common('copied')}
        failedLabel={common('copyFailed')}
      >
        {common('copy')}
      </CopyButton>
    ),
  }))
  if (!send || !bind) return null
  return <CodePanel title={t('title')} tabs={[send, bind]} />
}
