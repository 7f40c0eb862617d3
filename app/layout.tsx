import './globals.css'
import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import { getLocale } from 'next-intl/server'
import type { ReactNode } from 'react'
import { PageFocus } from '@/components/shell/page-focus'
import { chooseTheme, themeCookie } from '@/lib/i18n/locale'
import { getTranslations } from '@/lib/i18n/server-translations'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('app')
  return {
    title: { default: t('name'), template: t('titleTemplate') },
    description: t('description'),
    icons: { icon: '/icon.svg' },
    robots: { index: false, follow: false },
  }
}

export const viewport: Viewport = { colorScheme: 'light dark' }

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = chooseTheme((await cookies()).get(themeCookie)?.value)
  return (
    <html lang={await getLocale()} data-theme={theme}>
      <body>
        {children}
        <PageFocus />
      </body>
    </html>
  )
}
