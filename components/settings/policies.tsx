'use client'

import { Card, CardBody, CardHead } from '@/components/ui/card'
import { CodePanel } from '@/components/ui/code-panel'
import { CopyButton } from '@/components/ui/copy-button'
import type { Settings } from '@/lib/contract/settings'
import { useTranslations } from '@/lib/i18n/translations'

/** The permissions this console can use, to hand to the person who grants them. */
export function Policies({ policies, className }: { policies: Settings['policies']; className?: string }) {
  const t = useTranslations('settings.policy')
  const common = useTranslations('common')
  const tab = (key: keyof Settings['policies']) => ({
    key,
    label: t(key),
    code: <Json text={policies[key]} />,
    copy: (
      <CopyButton
        value={policies[key]}
        label={t('copy')}
        copiedLabel={common('copied')}
        failedLabel={common('copyFailed')}
        tone="code"
      />
    ),
  })
  return (
    <Card aria-labelledby="policy" className={className}>
      <CardHead id="policy" title={t('title')} />
      <CardBody className="grid gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <div className="grid max-w-[72ch] content-start gap-3">
          <p className="text-text2">{t('intro')}</p>
          <p className="text-small text-text3">{t('role')}</p>
        </div>
        <CodePanel title="JSON" tabs={[tab('operator'), tab('readOnly')]} />
      </CardBody>
    </Card>
  )
}

/** Highlights property names. */
function Json({ text }: { text: string }) {
  return text.split(/("\w+"(?=:))/).map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
      <span key={index} className="text-codeKey">
        {part}
      </span>
    ) : (
      part
    ),
  )
}
