'use client'

import { GitBranch } from 'lucide-react'
import { useForm } from 'react-hook-form'
import { ActCard } from '@/components/flow/act/act-card'
import { useActForm } from '@/components/flow/act/act-form'
import { Review } from '@/components/flow/act/review'
import { StillOpen } from '@/components/flow/code/still-open'
import { StepLayout } from '@/components/flow/frame/step-layout'
import { AccountId } from '@/components/ui/account-id'
import { DescriptionRow } from '@/components/ui/description-list'
import { failureOf } from '@/lib/browser/call'
import type { EnableFlow } from '@/lib/contract/enable'
import { useTranslations } from '@/lib/i18n/translations'
import { BackLink } from './back-link'
import { Checks } from './checks'
import { DryRun } from './dry-run'
import { useDryRun, useEnable } from './queries'
import { TypedAccountId } from './typed-account-id'

const ofCode = new Set(['send', 'given_up'])

/** The signed-in account becomes the management account: no code, a single call. */
export function ConfirmStep({ flow }: { flow: EnableFlow }) {
  const t = useTranslations('enable')
  const { accountId, refused } = flow
  const form = useForm({ defaultValues: { confirmation: '' } })
  const enable = useEnable()
  const dryRun = useDryRun()
  const act = useActForm({
    form,
    fields: ['confirmation'],
    act: enable,
    toInput: ({ confirmation }) => ({ confirmation }),
    check: dryRun,
  })
  return (
    <StepLayout
      title={t('confirm.title')}
      note={t('confirm.note')}
      side={
        <Checks
          flow={flow}
          mode="current"
          refusal={act.failure ?? failureOf(dryRun.error) ?? refused?.error}
          passed={dryRun.isSuccess}
        />
      }
    >
      <StillOpen />
      <ActCard
        act={act}
        // A code that was not sent, or was discarded, has nothing to do with this mode.
        reportsRefusal={refused === null || !ofCode.has(refused.what)}
        verb={t('enable')}
        busyVerb={t('enabling')}
        icon={<GitBranch />}
        leave={<BackLink />}
      >
        <DryRun dryRun={dryRun} />
        <Review title={t('confirm.review')} final={t('confirm.final.current')}>
          <DescriptionRow label={t('facts.mode')}>{t('mode.current')}</DescriptionRow>
          <DescriptionRow label={t('facts.account')}>
            <AccountId id={accountId} />
          </DescriptionRow>
          <DescriptionRow label={t('facts.becomes')}>{t('role.current')}</DescriptionRow>
        </Review>
        <TypedAccountId accountId={accountId} />
      </ActCard>
    </StepLayout>
  )
}
