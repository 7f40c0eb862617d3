import { Button } from '@/components/ui/button'
import type { ShownError } from '@/lib/contract/errors'
import { useErrorWords } from '@/lib/i18n/error-words'
import { useTranslations } from '@/lib/i18n/translations'
import { supportFactsOf } from './support-facts'

/**
 * The failure of one block whose data has a query of its own: the cause, the next step, what support asks for and a retry, in the place of what could not be read.
 * The rest of the page stays as it is.
 */
export function SmallFailure({
  error,
  retrying,
  onRetry,
}: {
  error: ShownError
  retrying: boolean
  onRetry: () => void
}) {
  const t = useTranslations('common')
  const { cause, next } = useErrorWords()(error)
  const { code, requestId } = supportFactsOf(error)
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span>
        <span className="block text-warnText">{cause}</span>
        <span className="block text-text2">{next}</span>
        <span className="block font-mono text-mono text-text3" translate="no">
          {[code, requestId].filter(Boolean).join(' ')}
        </span>
      </span>
      <Button size="card" busy={retrying} busyLabel={t('tryAgain')} onClick={onRetry}>
        {t('tryAgain')}
      </Button>
    </span>
  )
}
