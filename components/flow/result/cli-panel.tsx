'use client'

import { Fragment } from 'react'
import { CodePanel } from '@/components/ui/code-panel'
import { CopyButton } from '@/components/ui/copy-button'
import { vendorCalls } from '@/lib/contract/vendor-calls'
import { useTranslations } from '@/lib/i18n/translations'
import { argumentsOf } from './command'

export interface Command {
  /** The label of its tab: "Send". */
  name: string
  call: keyof typeof vendorCalls
  /** From `vendorParameters`; values that are not stored are placeholders. */
  parameters: Record<string, string>
}

/**
 * The same calls with the vendor's command-line tool.
 * @param note about the placeholders, if there are any
 */
export function CliPanel({
  commands: [first, ...others],
  note,
}: {
  commands: readonly [Command, ...Command[]]
  note?: string
}) {
  const t = useTranslations('flow.commandLine')
  const common = useTranslations('common')

  function tab({ name, call, parameters }: Command, index: number) {
    const { product, operation } = vendorCalls[call]
    const tool = `aliyun ${product.toLowerCase()} `
    const list = argumentsOf(parameters)
    return {
      key: operation,
      label: `${index + 1} ${name}`,
      code: (
        <>
          {note && <span className="text-codeDim"># {note}</span>}
          {`${note ? '\n' : ''}${tool}`}
          <span className="text-codeKey">{operation}</span>
          {list.map((argument) => (
            <Fragment key={argument}>
              {' \\\n  '}
              {argument}
            </Fragment>
          ))}
        </>
      ),
      copy: (
        <CopyButton
          tone="code"
          value={[tool + operation, ...list].join(' \\\n  ')}
          label={t('copy')}
          copiedLabel={common('copied')}
          failedLabel={common('copyFailed')}
        >
          {common('copy')}
        </CopyButton>
      ),
    }
  }

  return (
    <CodePanel
      title={t('title')}
      tabs={[tab(first, 0), ...others.map((command, index) => tab(command, index + 1))]}
    />
  )
}
