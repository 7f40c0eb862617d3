'use client'

import { Confirmation } from '@/components/flow/act/confirmation'
import { AccountId } from '@/components/ui/account-id'
import { useTranslations } from '@/lib/i18n/translations'

/** The ID of the account that will change, typed as confirmation. */
export function TypedAccountId({ accountId }: { accountId: string }) {
  const t = useTranslations('enable.confirm')
  return (
    <Confirmation label={t.rich('typed', { id: () => <AccountId id={accountId} /> })} hint={t('typedHint')} />
  )
}
