import { useTranslations } from './translations'

interface Masked {
  numberMasked: string | null
  alike: number | null
}

/**
 * A masked number. If another number of the same target looks the same, text is added to tell them apart. `none` is shown
 * for an unknown number.
 */
export function useNumberWords(): (number: Masked | null, none?: string) => string {
  const t = useTranslations('common')
  return (number, none = '') => {
    if (number === null || number.numberMasked === null) return none
    const { numberMasked, alike } = number
    return alike === null ? numberMasked : t('alike', { number: numberMasked, n: alike })
  }
}
