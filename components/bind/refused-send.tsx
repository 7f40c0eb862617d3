import { useFormatter, useTranslations } from 'next-intl'
import { FailureBanner } from '@/components/form/failure-banner'
import type { BindFlow } from '@/lib/contract/phone'

/** The newest send was refused, here before a reload, in another tab or by another operator. */
export function RefusedSend({ flow: { refused } }: { flow: BindFlow }) {
  const t = useTranslations('bind')
  const format = useFormatter()
  if (!refused) return null
  const time = format.dateTime(new Date(refused.at), 'second')
  return (
    <FailureBanner error={refused.error}>
      <p>{t('refusedSend', { time, by: refused.byYou ? 'you' : 'other', name: refused.operatorName })}</p>
    </FailureBanner>
  )
}
