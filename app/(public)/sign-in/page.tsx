import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { SignIn } from '@/components/sign-in/sign-in'
import { signInFacts } from '@/lib/http'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('signIn'))('title') }
}

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  return <SignIn {...(await signInFacts(await searchParams))} />
}
