import { dehydrate, HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { getLocale } from 'next-intl/server'
import { EnableScreen } from '@/components/enable/enable-screen'
import { PageFailure } from '@/components/shell/page-failure'
import { countriesOf } from '@/lib/contract/countries'
import { load, pageActor, prefilled } from '@/lib/http'
import { PageMessages } from '@/lib/i18n/page-messages'
import { getTranslations } from '@/lib/i18n/server-translations'
import { getEnableFlow } from '@/lib/usecases/enable'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('enable'))('title') }
}

export default async function EnablePage() {
  const actor = await pageActor()
  const { data, failure } = await load(actor, getEnableFlow, {})
  if (!data) return <PageFailure title={(await getTranslations('enable'))('title')} error={failure} />
  const client = prefilled({ name: 'getEnableFlow', input: {}, data })
  return (
    <PageMessages namespaces={['enable', 'fieldErrors', 'flow']}>
      <HydrationBoundary state={dehydrate(client)}>
        <EnableScreen countries={countriesOf(data.site, await getLocale())} />
      </HydrationBoundary>
    </PageMessages>
  )
}
