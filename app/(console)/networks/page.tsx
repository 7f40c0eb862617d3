import { dehydrate, HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { getLocale } from 'next-intl/server'
import { NetworksScreen } from '@/components/networks/networks-screen'
import { chooseRegion } from '@/components/networks/region'
import { PageFailure } from '@/components/shell/page-failure'
import { load, pageActor, prefilled } from '@/lib/http'
import { regionCookie } from '@/lib/i18n/locale'
import { PageMessages } from '@/lib/i18n/page-messages'
import { getTranslations } from '@/lib/i18n/server-translations'
import { listNetworks, listRegions } from '@/lib/usecases/networks'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('networks'))('title') }
}

export default async function NetworksPage({ searchParams }: PageProps<'/networks'>) {
  const actor = await pageActor()
  const [query, language, jar] = await Promise.all([searchParams, getLocale(), cookies()])
  const { data: known, failure: unknown } = await load(actor, listRegions, { language })
  if (unknown) return <PageFailure title={(await getTranslations('networks'))('title')} error={unknown} />
  const remembered = jar.get(regionCookie)?.value
  const region = chooseRegion(known, query.region, remembered).region.id
  const { data, failure } = await load(actor, listNetworks, { region })
  if (failure?.code === 'storage.unavailable')
    return <PageFailure title={(await getTranslations('networks'))('title')} error={failure} />
  const client = data ? prefilled({ name: 'listNetworks', input: { region }, data }) : prefilled()
  return (
    <PageMessages namespaces={['networks', 'status']}>
      <HydrationBoundary state={dehydrate(client)}>
        <NetworksScreen known={known} remembered={remembered} failure={failure} />
      </HydrationBoundary>
    </PageMessages>
  )
}
