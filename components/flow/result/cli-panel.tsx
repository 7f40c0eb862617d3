'use client'

import { Fragment } from 'react'
import { CodePanel } from '@/components/ui/code-panel'
import { CopyButton } from '@/components/ui/copy-button'
import { useTranslations } from '@/lib/i18n/translations'

export interface Command {
  /** Of its tab: "Send". */
  name: string
  /** As the vendor's command line tool calls it. */
  product: 'resourcemanager' | 'ecd'
  operation: string
  /** What is not kept is a placeholder, in quotes for the shell: `--VerificationCode '<code>'`. */
  parameters: readonly string[]
}

/** The same calls with the vendor's command line tool. @param note on the placeholders, where there are any */
export function CliPanel({
  commands: [first, ...others],
  note,
}: {
  commands: readonly [Command, ...Command[]]
  note?: string
}) {
  const t = useTranslations('flow.commandLine')
  const common = useTranslations('common')

  const tab = ({ name, product, operation, parameters }: Command, index: number) => ({
    key: operation,
    label: `${index + 1} ${name}`,
    code: (
      <>
        {note && <span className="text-codeDim"># {note}</span>}
        {`${note ? '\n' : ''}aliyun ${product} `}
        <span className="text-codeKey">{operation}</span>
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
        value={[`aliyun ${product} ${operation}`, ...parameters].join(' \\\n  ')}
        label={t('copy')}
        copiedLabel={common('copied')}
        failedLabel={common('copyFailed')}
      >
        {common('copy')}
      </CopyButton>
    ),
  })

  return (
    <CodePanel
      title={t('title')}
      tabs={[tab(first, 0), ...others.map((command, index) => tab(command, index + 1))]}
    />
  )
}
