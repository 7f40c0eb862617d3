import { dehydrate, HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getLocale } from 'next-intl/server'
import { cache } from 'react'
import { AttachScreen } from '@/components/networks/attach-screen'
import { networksHref } from '@/components/networks/networks-href'
import { Link } from '@/components/shell/link'
import { PageFailure } from '@/components/shell/page-failure'
import { NetworkId, RegionId } from '@/lib/contract/networks'
import { load, named, pageActor, prefilled } from '@/lib/http'
import { PageMessages } from '@/lib/i18n/page-messages'
import { getTranslations } from '@/lib/i18n/server-translations'
import { getAttachFlow, listRegions } from '@/lib/usecases/networks'

type Props = PageProps<'/networks/[region]/[officeNetwork]/attach'>

// Cached, so that title and page share one read.
const read = cache(async (region: string, networkId: string) =>
  load(await pageActor(), getAttachFlow, { region, networkId }),
)

const areIds = (region: string, networkId: string) =>
  RegionId.safeParse(region).success && NetworkId.safeParse(networkId).success

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  // Unlike in the page below, the router has already decoded the path here: decoding again would change the ID.
  const [t, { region, officeNetwork: networkId }] = await Promise.all([getTranslations('attach'), params])
  const flow = areIds(region, networkId) ? await named(read(region, networkId)) : null
  return { title: flow ? t('titleOf', { name: flow.network.name || networkId }) : t('title') }
}

export default async function AttachPage({ params }: Props) {
  const { region, officeNetwork } = await params
  const networkId = decoded(officeNetwork)
  const actor = await pageActor()
  if (!areIds(region, networkId)) notFound()
  const input = { region, networkId }
  const [{ data, failure }, regions] = await Promise.all([
    read(region, networkId),
    load(actor, listRegions, { language: await getLocale() }),
  ])
  const regionName = regions.data?.regions.find(({ id }) => id === region)?.name ?? region
  if (failure) {
    const [t, list] = await Promise.all([getTranslations('attach'), getTranslations('networks')])
    return (
      <PageFailure
        title={t('title')}
        crumbs={[
          { href: '/networks', text: list('title') },
          { href: networksHref(region), text: regionName },
        ]}
        error={failure}
      >
        <p className="mt-4">
          <Link href={networksHref(region)} className="link-alone">
            {t('done.list')}
          </Link>
        </p>
      </PageFailure>
    )
  }
  const client = prefilled({ name: 'getAttachFlow', input, data })
  return (
    <PageMessages namespaces={['attach', 'fieldErrors', 'flow', 'networks']}>
      <HydrationBoundary state={dehydrate(client)}>
        <AttachScreen region={region} regionName={regionName} networkId={networkId} />
      </HydrationBoundary>
    </PageMessages>
  )
}

/** The `+` in an ID may arrive encoded or not, depending on the link. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
