import { useTranslations } from '@/lib/i18n/translations'
import { useVendorWord } from '@/lib/i18n/vendor-word'

/** A member's status as text. */
export const useStatusWords = () => useVendorWord(useTranslations('status.member'))

/**
 * A member's type in the user's language; a value from Alibaba Cloud that we do not know is shown unchanged.
 */
export function useTypeWords(length: 'long' | 'short' = 'long'): (type: string) => string {
  const long = useTranslations('status.type')
  const short = useTranslations('members.typeShort')
  const none = useTranslations('common')('none')
  return (type) => {
    if (type !== 'resource' && type !== 'cloud') return type || none
    return length === 'short' ? short(type) : long(type)
  }
}
