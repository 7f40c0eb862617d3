import type { Metadata } from 'next'
import { SignIn } from '@/components/sign-in/sign-in'
import { signInFacts } from '@/lib/http'
import { PageMessages } from '@/lib/i18n/page-messages'
import { getTranslations } from '@/lib/i18n/server-translations'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('signIn'))('title') }
}

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const facts = await signInFacts(await searchParams)
  return (
    <PageMessages namespaces={['fieldErrors', 'signIn']}>
      <SignIn {...facts} />
    </PageMessages>
  )
}
