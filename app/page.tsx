import { redirect } from 'next/navigation'
import { pageActor } from '@/lib/http'

// There is no overview page yet: start at the member list or, without a directory, at enabling one.
export default async function StartPage() {
  const { directoryId } = await pageActor()
  redirect(directoryId ? '/members' : '/directory/enable')
}
