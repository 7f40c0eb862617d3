import { useTranslations } from './translations'

/**
 * The message for a field's error key; an unknown key gets the general message. Anything after a space in the key is the
 * invalid text, which messages show as `found`.
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
