import { useTranslations as usePlainTranslations } from 'next-intl'
import { isolated } from './isolated'

/** next-intl's hook, with string values isolated. Everything uses this one. */
export const useTranslations = ((namespace?: never) =>
  isolated(usePlainTranslations(namespace))) as typeof usePlainTranslations
