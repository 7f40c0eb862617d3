import { useTranslations } from './translations'

interface Masked {
  numberMasked: string | null
  alike: number | null
}

/**
 * A masked number; where another one of the same target looks the same, with words that tell which one it is. What stands
 * for a number that is not known is given as `none`.
 */
export function useNumberWords(): (number: Masked | null, none?: string) => string {
  const t = useTranslations('common')
  return (number, none = '') => {
    if (number === null || number.numberMasked === null) return none
    const { numberMasked, alike } = number
    return alike === null ? numberMasked : t('alike', { number: numberMasked, n: alike })
  }
}
