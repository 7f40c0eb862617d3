import type { Metadata } from 'next'
import { buttonClass } from '@/components/ui/button-class'
import { Logo } from '@/components/ui/logo'
import { getTranslations } from '@/lib/i18n/server-translations'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('notFound'))('title') }
}

export default async function NotFound() {
  const t = await getTranslations('notFound')
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-4 px-4 py-10">
      <Logo size={28} />
      <div>
        <h1 className="text-h1">{t('title')}</h1>
        <p className="mt-1 text-text2">{t('body')}</p>
      </div>
      <p>
        {/* Not a router link: this page is part of every other one, and sign-in would load the router link just for it. */}
        <a href="/members" className={buttonClass({ variant: 'primary' })}>
          {t('back')}
        </a>
      </p>
    </main>
  )
}
