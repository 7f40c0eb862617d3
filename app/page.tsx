import { redirect } from 'next/navigation'
import { pageContext } from '@/lib/http'

// The overview is not built yet. Until it is, the list of members is the start, or how to get a directory to have any.
export default async function StartPage() {
  const { session } = await pageContext()
  redirect(session.directoryId ? '/members' : '/directory/enable')
}
