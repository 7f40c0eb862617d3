import { redirect } from 'next/navigation'

// The overview is not built yet; until it is, the list of members is the start.
export default function StartPage() {
  redirect('/members')
}
