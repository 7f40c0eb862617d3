'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { FailureBanner } from '@/components/form/failure-banner'
import { Button } from '@/components/ui/button'
import { call, failureOf } from '@/lib/browser/call'
import type { Site } from '@/lib/contract/site'
import { useTranslations } from '@/lib/i18n/translations'

/** A country that the site does not take, by our rule or by Alibaba Cloud's answer: the site itself may be the wrong one. */
export function SiteDoubt({ site, onChange }: { site: Site; onChange: (site: Site) => void }) {
  const t = useTranslations('flow.site')
  const client = useQueryClient()
  const router = useRouter()
  const other = site === 'china' ? 'international' : 'china'
  const change = useMutation({
    meta: { waitsFor: 'console' },
    mutationFn: () => call('changeSite', { site: other }),
    onSuccess() {
      router.refresh()
      void client.invalidateQueries()
      onChange(other)
    },
  })
  const failure = failureOf(change.error)
  return (
    <div className="grid justify-items-start gap-2 text-small text-text2 md:col-span-2">
      <p>{t('doubt', { site })}</p>
      <Button busy={change.isPending} busyLabel={t('changing')} onClick={() => change.mutate()}>
        {t('change', { site: other })}
      </Button>
      {failure && <FailureBanner error={failure} />}
    </div>
  )
}
