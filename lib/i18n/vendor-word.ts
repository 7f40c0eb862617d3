import { useTranslations } from './translations'

/** Messages whose keys are words of the vendor. */
interface Words {
  (word: never): string
  has(word: never): boolean
}

/** A word of the vendor in the reader's language; one we do not know is shown as it is. */
export function useVendorWord(words: Words): (word: string) => string {
  const none = useTranslations('common')('none')
  return (word) => (word && words.has(word as never) ? words(word as never) : word || none)
}
