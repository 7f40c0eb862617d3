import { getTranslations as getPlainTranslations } from 'next-intl/server'
import { isolated } from './isolated'

/** next-intl's function, with string values isolated. Everything uses this one. */
export const getTranslations = (async (namespace?: never) =>
  isolated(await getPlainTranslations(namespace))) as typeof getPlainTranslations
