import { dehydrate, HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { SandboxScreen } from '@/components/sandbox/sandbox-screen'
import { load, pageActor, prefilled } from '@/lib/http'
import { PageMessages } from '@/lib/i18n/page-messages'
import { getTranslations } from '@/lib/i18n/server-translations'
import { getSandbox } from '@/lib/usecases/sandbox'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('sandbox'))('title') }
}

export default async function SandboxPage() {
  const { data } = await load(await pageActor(), getSandbox, {})
  // If the emulator does not respond, the screen polls it automatically.
  const client = data ? prefilled({ name: 'getSandbox', input: {}, data }) : prefilled()
  return (
    <PageMessages namespaces={['fieldErrors']}>
      <HydrationBoundary state={dehydrate(client)}>
        <SandboxScreen />
      </HydrationBoundary>
    </PageMessages>
  )
}
