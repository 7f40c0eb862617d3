import { Page } from '@/components/shell/page'
import { pageContext } from '@/lib/http'
export default async function MembersPage() {
  await pageContext('/members')
  return (
    <Page title="Members" ground="surface">
      hello
    </Page>
  )
}
