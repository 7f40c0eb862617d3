import { dehydrate, HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { MemberFailure } from '@/components/members/member-failure'
import { MemberScreen } from '@/components/members/member-screen'
import { AccountId } from '@/lib/contract/members'
import { load, named, pageActor, prefilled } from '@/lib/http'
import { PageMessages } from '@/lib/i18n/page-messages'
import { getTranslations } from '@/lib/i18n/server-translations'
import { getMember } from '@/lib/usecases/members'

type Props = PageProps<'/members/[memberId]'>

// Cached, so that title and page share one read.
const read = cache(async (memberId: string) => load(await pageActor(), getMember, { memberId }))

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [t, { memberId }] = await Promise.all([getTranslations('member'), params])
  const member = AccountId.safeParse(memberId).success ? await named(read(memberId)) : null
  return { title: member?.displayName ?? t('title', { id: memberId }) }
}

export default async function MemberPage({ params }: Props) {
  const { memberId } = await params
  if (!AccountId.safeParse(memberId).success) notFound()
  const { data, failure } = await read(memberId)
  const client = prefilled({ name: 'getMember', input: { memberId }, data })
  return (
    <PageMessages namespaces={['member', 'members', 'status']}>
      {failure ? (
        <MemberFailure id={memberId} failure={failure} />
      ) : (
        <HydrationBoundary state={dehydrate(client)}>
          <MemberScreen memberId={memberId} />
        </HydrationBoundary>
      )}
    </PageMessages>
  )
}
