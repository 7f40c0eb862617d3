import { dehydrate, HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { SettingsScreen } from '@/components/settings/settings-screen'
import { PageFailure } from '@/components/shell/page-failure'
import { load, pageActor, prefilled } from '@/lib/http'
import { PageMessages } from '@/lib/i18n/page-messages'
import { getTranslations } from '@/lib/i18n/server-translations'
import { listSessions } from '@/lib/usecases/session'
import { getSettings } from '@/lib/usecases/settings'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('settings'))('title') }
}

export default async function SettingsPage() {
  const actor = await pageActor()
  const [settings, sessions] = await Promise.all([
    load(actor, getSettings, {}),
    load(actor, listSessions, {}),
  ])
  const failure = settings.failure ?? sessions.failure
  if (failure?.code === 'storage.unavailable')
    return <PageFailure title={(await getTranslations('settings'))('title')} error={failure} />
  const client = prefilled(
    { name: 'getSettings', input: {}, data: settings.data },
    { name: 'listSessions', input: {}, data: sessions.data },
  )
  return (
    <PageMessages namespaces={['settings']}>
      <HydrationBoundary state={dehydrate(client)}>
        <SettingsScreen />
      </HydrationBoundary>
    </PageMessages>
  )
}
