import { dehydrate, HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { MemberFailure } from '@/components/members/member-failure'
import { MemberScreen } from '@/components/members/member-screen'
import { AccountId } from '@/lib/contract/members'
import { load, pageContext, prefilled } from '@/lib/http'
import { getMember } from '@/lib/usecases/members'

type Props = PageProps<'/members/[memberId]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [t, { memberId }] = await Promise.all([getTranslations('member'), params])
  return { title: t('title', { id: memberId }) }
}

export default async function MemberPage({ params }: Props) {
  const { memberId } = await params
  if (!AccountId.safeParse(memberId).success) notFound()
  const ctx = await pageContext()
  const { data, failure } = await load(ctx, getMember, { memberId })
  if (failure) return <MemberFailure id={memberId} failure={failure} />
  const client = prefilled({ name: 'getMember', input: { memberId }, data })
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <MemberScreen memberId={memberId} />
    </HydrationBoundary>
  )
}
