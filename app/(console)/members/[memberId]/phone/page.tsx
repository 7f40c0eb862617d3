import { dehydrate, HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { BindScreen } from '@/components/bind/bind-screen'
import { PageFailure } from '@/components/shell/page-failure'
import { countriesOf } from '@/lib/contract/countries'
import { load, pageContext, prefilled } from '@/lib/http'
import { getBindFlow } from '@/lib/usecases/phone'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('bind'))('title') }
}

export default async function BindPage({ params }: PageProps<'/members/[memberId]/phone'>) {
  const { memberId } = await params
  const ctx = await pageContext()
  const { data, failure } = await load(ctx, getBindFlow, { memberId })
  if (!data) return <PageFailure title={(await getTranslations('bind'))('title')} error={failure} />
  const client = prefilled({ name: 'getBindFlow', input: { memberId }, data })
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <BindScreen memberId={memberId} countries={countriesOf(data.site, await getLocale())} />
    </HydrationBoundary>
  )
}
