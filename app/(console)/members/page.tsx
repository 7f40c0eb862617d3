import { dehydrate, HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { MembersFailure } from '@/components/members/members-failure'
import { MembersScreen } from '@/components/members/members-screen'
import { readMemberFilter } from '@/lib/contract/member-filter'
import { load, pageActor, prefilled } from '@/lib/http'
import { PageMessages } from '@/lib/i18n/page-messages'
import { getTranslations } from '@/lib/i18n/server-translations'
import { listMembers } from '@/lib/usecases/members'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('members'))('title') }
}

export default async function MembersPage({ searchParams }: PageProps<'/members'>) {
  const filter = readMemberFilter(await searchParams)
  const actor = await pageActor()
  const { data, failure } = await load(actor, listMembers, filter)
  const client = prefilled({ name: 'listMembers', input: { ...filter, language: actor.language }, data })
  return (
    <PageMessages namespaces={['members', 'status']}>
      {failure ? (
        <MembersFailure failure={failure} />
      ) : (
        <HydrationBoundary state={dehydrate(client)}>
          <MembersScreen />
        </HydrationBoundary>
      )}
    </PageMessages>
  )
}
