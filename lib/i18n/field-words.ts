import { useTranslations } from './translations'

/**
 * Words for one field's error, by its key; a key without words is shown as the general one. What follows the key after a
 * space is the text at fault, for messages that name it as `found`.
 */
export function useFieldWords(): (error: string | undefined) => string | undefined {
  const t = useTranslations('fieldErrors')
  return (error) => {
    if (error === undefined) return undefined
    const [key = '', found = ''] = error.split(/ (.*)/s)
    const known = key as Parameters<typeof t>[0]
    return t.has(known) ? t(known, { found }) : t('input.required')
  }
}
