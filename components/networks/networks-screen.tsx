'use client'

import { Network, RefreshCw } from 'lucide-react'
import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { FailureBanner } from '@/components/form/failure-banner'
import { useViewer } from '@/components/shell/me'
import { Page, PageHead } from '@/components/shell/page'
import { goTo } from '@/components/table/list-url'
import { Banner } from '@/components/ui/banner'
import { Button } from '@/components/ui/button'
import { buttonClass } from '@/components/ui/button-class'
import { EmptyState } from '@/components/ui/empty-state'
import { LiveRegion } from '@/components/ui/live-region'
import { Select } from '@/components/ui/select'
import { SkeletonRows } from '@/components/ui/skeleton'
import { failureOf } from '@/lib/browser/call'
import type { ShownError } from '@/lib/contract/errors'
import type { NetworkList } from '@/lib/contract/networks'
import { networkConsole } from '@/lib/contract/site'
import { useAge } from '@/lib/i18n/age'
import { rememberPreference } from '@/lib/i18n/client'
import { regionCookie } from '@/lib/i18n/locale'
import { useTranslations } from '@/lib/i18n/translations'
import { Explanations } from './explanations'
import { NetworkTable } from './network-table'
import { networksHref } from './networks-href'
import { useNetworks } from './queries'
import { chooseRegion, type KnownRegions } from './region'

/**
 * The office networks of one region.
 * @param remembered the region this browser showed last
 * @param failure why the page was rendered without the list
 */
export function NetworksScreen({
  known,
  remembered,
  failure,
}: {
  known: KnownRegions
  remembered: string | undefined
  failure: ShownError | null
}) {
  const t = useTranslations('networks')
  const { region, unknown } = chooseRegion(known, useSearchParams().get('region'), remembered)
  const [initialRegion] = useState(region.id)
  const failed = region.id === initialRegion ? failure : null
  const { data, error, isFetching, refetch } = useNetworks(region.id, failed === null)
  const problem = failureOf(error) ?? (data ? undefined : failed)
  return (
    <Page title={t('title')} ground="surface">
      <PageHead
        // On small screens the top bar directly above shows the same title.
        title={<span className="max-md:sr-only">{t('title')}</span>}
        note={data && <HeadNote data={data} region={region.name} />}
        actions={
          <>
            <Select
              fit
              label={t('region')}
              prefix={t('region')}
              options={known.regions.map(({ id, name }) => ({
                value: id,
                label: name,
                ...(name !== id && { note: id }),
              }))}
              value={region.id}
              onValueChange={(id) => {
                rememberPreference(regionCookie, id)
                goTo(networksHref(id))
              }}
            />
            <Button
              icon={<RefreshCw />}
              busy={isFetching}
              busyLabel={t('loading')}
              onClick={() => refetch()}
              className="max-md:h-10"
            >
              {t('read')}
            </Button>
          </>
        }
      />
      <div className="grid gap-3 [&>*]:min-w-0">
        {unknown && (
          <Banner tone="info" title={t('unknownRegion', { id: unknown })}>
            {t('unknownRegionBody', { name: region.name })}
          </Banner>
        )}
        {problem && (
          <div className="max-w-[45rem]">
            <FailureBanner error={problem}>
              {problem.code === 'cloud.permission' ? (
                <p>{t('failed.ask')}</p>
              ) : (
                !data && <p>{t('failed.other')}</p>
              )}
            </FailureBanner>
          </div>
        )}
        {data ? (
          <List data={data} region={region.name} />
        ) : (
          !problem && (
            <div className="overflow-clip rounded-card border border-line max-md:-mx-4 max-md:rounded-none max-md:border-x-0">
              <SkeletonRows rows={5} height="two-line" label={t('loading')} />
            </div>
          )
        )}
      </div>
      <Explanations />
      <LiveRegion>
        {data && !isFetching && t('found', { count: data.networks.length, name: region.name })}
      </LiveRegion>
    </Page>
  )
}

function HeadNote({ data: { networks, readAt }, region }: { data: NetworkList; region: string }) {
  const t = useTranslations('networks')
  const age = useAge()
  return (
    <>
      {t('count', { count: networks.length, name: region })}
      {' · '}
      <time dateTime={readAt}>{t('readAt', { age: age(readAt) })}</time>
    </>
  )
}

function List({ data: { networks }, region }: { data: NetworkList; region: string }) {
  const t = useTranslations('networks.empty')
  const { site } = useViewer().me
  if (networks.length > 0) return <NetworkTable networks={networks} />
  return (
    <EmptyState
      icon={<Network />}
      title={t('title', { name: region })}
      action={
        <a href={networkConsole[site]} target="_blank" rel="noreferrer" className={buttonClass()}>
          {t('open')}
        </a>
      }
    >
      {t('body')}
    </EmptyState>
  )
}
