'use client'

import { Card, CardBody, CardHead } from '@/components/ui/card'
import { CopyButton } from '@/components/ui/copy-button'
import { useTranslations } from '@/lib/i18n/translations'
import { grouped } from './owner-id'
import type { Asker, CrossAccountValues, StepProps } from './step'

/**
 * The message to the owner, who receives the code: who asks for it, and what for. It contains no code and no
 * link.
 */
export function OwnerWords({
  flow: { network, site, operatorName },
  asker: { accountId, company },
  regionName,
  cenId,
  ownerId,
}: StepProps & CrossAccountValues & { asker: Asker }) {
  const t = useTranslations('attach.ownerWords')
  const common = useTranslations('common')
  const text = t(`text.${site}`, {
    name: operatorName,
    company: company ?? 'none',
    account: grouped(accountId),
    network: network.name || network.id,
    range: network.cidrBlock,
    region: regionName,
    cen: cenId,
    owner: grouped(ownerId),
  })
  return (
    <Card aria-labelledby="owner-words">
      <CardHead
        id="owner-words"
        title={t('title')}
        end={
          <CopyButton
            value={text}
            label={t('copy')}
            copiedLabel={common('copied')}
            failedLabel={common('copyFailed')}
          >
            {common('copy')}
          </CopyButton>
        }
      />
      <CardBody>
        <p className="text-small text-text3">{t('note')}</p>
        <blockquote className="mt-3 rounded-panel bg-canvas px-3.5 py-3 text-small whitespace-pre-line wrap-anywhere text-text2">
          {text}
        </blockquote>
      </CardBody>
    </Card>
  )
}
