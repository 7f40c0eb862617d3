import { MemberNotFound } from '@/components/members/member-not-found'

export default function NotFound() {
  return <MemberNotFound />
}
