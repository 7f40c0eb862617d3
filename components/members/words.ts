import { useTranslations } from '@/lib/i18n/translations'
import { useVendorWord } from '@/lib/i18n/vendor-word'

/** Of a member's status. */
export const useStatusWords = () => useVendorWord(useTranslations('status.member'))

/** A member's type in the reader's language; a word of Alibaba Cloud that we do not know is shown as it is. */
export function useTypeWords(length: 'long' | 'short' = 'long'): (type: string) => string {
  const long = useTranslations('status.type')
  const short = useTranslations('members.typeShort')
  const none = useTranslations('common')('none')
  return (type) => {
    if (type !== 'resource' && type !== 'cloud') return type || none
    return length === 'short' ? short(type) : long(type)
  }
}
