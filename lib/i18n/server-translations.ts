import { getTranslations as getWords } from 'next-intl/server'
import { isolated } from './isolated'

/** next-intl's, with names and other texts in a message isolated from its words; everything uses this one. */
export const getTranslations = (async (namespace?: never) =>
  isolated(await getWords(namespace))) as typeof getWords
