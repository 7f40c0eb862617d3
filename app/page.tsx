import { redirect } from 'next/navigation'
import { pageActor } from '@/lib/http'

// The overview is not built yet. Until it is, the list of members is the start, or how to get a directory to have any.
export default async function StartPage() {
  const { directoryId } = await pageActor()
  redirect(directoryId ? '/members' : '/directory/enable')
}
