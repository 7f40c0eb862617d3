import { useTranslations as useWords } from 'next-intl'
import { isolated } from './isolated'

/** next-intl's, with names and other texts in a message isolated from its words; everything uses this one. */
export const useTranslations = ((namespace?: never) => isolated(useWords(namespace))) as typeof useWords
