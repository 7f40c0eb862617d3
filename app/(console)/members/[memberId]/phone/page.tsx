import { dehydrate, HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { getLocale } from 'next-intl/server'
import { cache } from 'react'
import { BindScreen } from '@/components/bind/bind-screen'
import { PageFailure } from '@/components/shell/page-failure'
import { countriesOf } from '@/lib/contract/countries'
import { load, named, pageActor, prefilled } from '@/lib/http'
import { PageMessages } from '@/lib/i18n/page-messages'
import { getTranslations } from '@/lib/i18n/server-translations'
import { getBindFlow } from '@/lib/usecases/phone'

type Props = PageProps<'/members/[memberId]/phone'>

// Cached, so that title and page share one read.
const read = cache(async (memberId: string) => load(await pageActor(), getBindFlow, { memberId }))

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [t, { memberId }] = await Promise.all([getTranslations('bind'), params])
  const flow = await named(read(memberId))
  return { title: flow ? t('titleOf', { name: flow.member.displayName }) : t('title') }
}

export default async function BindPage({ params }: Props) {
  const { memberId } = await params
  const { data, failure } = await read(memberId)
  if (!data) return <PageFailure title={(await getTranslations('bind'))('title')} error={failure} />
  const client = prefilled({ name: 'getBindFlow', input: { memberId }, data })
  return (
    <PageMessages namespaces={['bind', 'fieldErrors', 'flow', 'status']}>
      <HydrationBoundary state={dehydrate(client)}>
        <BindScreen memberId={memberId} countries={countriesOf(data.site, await getLocale())} />
      </HydrationBoundary>
    </PageMessages>
  )
}
