'use client'

import { Confirmation } from '@/components/flow/act/confirmation'
import { AccountId } from '@/components/ui/account-id'
import { useTranslations } from '@/lib/i18n/translations'

/** The id of the account whose place changes, typed before that. */
export function TypedAccountId({ accountId }: { accountId: string }) {
  const t = useTranslations('enable.confirm')
  return (
    <Confirmation label={t.rich('typed', { id: () => <AccountId id={accountId} /> })} hint={t('typedHint')} />
  )
}
