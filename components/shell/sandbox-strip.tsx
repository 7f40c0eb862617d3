import { FlaskConical } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslations } from '@/lib/i18n/translations'

/** States on every page that nothing here is real; cannot be closed. */
export function SandboxStrip({ children }: { children?: ReactNode }) {
  const t = useTranslations('shell')
  return (
    <section
      aria-label={t('sandbox')}
      className="sticky top-0 z-30 flex h-8 shrink-0 items-center gap-2 border-b border-sandLine bg-sandSoft px-4 text-small text-sandText"
    >
      <FlaskConical className="shrink-0" />
      <p className="min-w-0 flex-1 truncate">
        <strong className="font-semibold">{t('sandbox')}</strong>
        <span className="max-md:hidden"> · {t('sandboxStrip')}</span>
      </p>
      {children}
    </section>
  )
}
