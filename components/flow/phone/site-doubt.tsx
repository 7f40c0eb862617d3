'use client'

import { type UseMutationOptions, useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useEffect, useState, useTransition } from 'react'
import { FailureBanner } from '@/components/form/failure-banner'
import { Button } from '@/components/ui/button'
import { failureOf } from '@/lib/browser/call'
import type { Me } from '@/lib/contract/session'
import type { Site } from '@/lib/contract/site'
import { useTranslations } from '@/lib/i18n/translations'

/**
 * A country that the site does not accept, by our rule or by Alibaba Cloud's response: the site itself may be
 * wrong.
 * @param onChange called once the page is that of the other site, with its countries
 */
export function SiteDoubt({
  site,
  changeSite,
  onChange,
}: {
  site: Site
  changeSite: UseMutationOptions<Me, Error, Site>
  onChange: (site: Site) => void
}) {
  const t = useTranslations('flow.site')
  const { refresh } = useRouter()
  const [refreshing, startRefresh] = useTransition()
  // The initial site, even while the other site's page is still loading.
  const [from] = useState(site)
  const other = from === 'china' ? 'international' : 'china'
  const change = useMutation(changeSite)
  const changed = change.isSuccess && !refreshing
  useEffect(() => {
    if (changed) onChange(other)
  }, [changed, other, onChange])
  const failure = failureOf(change.error)
  return (
    <div className="grid justify-items-start gap-2 text-small text-text2 md:col-span-2">
      <p>{t('doubt', { site: from })}</p>
      <Button
        busy={change.isPending || refreshing}
        busyLabel={t('changing')}
        onClick={() => change.mutate(other, { onSuccess: () => startRefresh(refresh) })}
      >
        {t('change', { site: other })}
      </Button>
      {failure && <FailureBanner error={failure} />}
    </div>
  )
}
