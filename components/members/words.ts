import { useTranslations } from '@/lib/i18n/translations'

/** The vendor's word for a member's status in the reader's language; one we do not know is shown as it is. */
export function useStatusWords(): (status: string) => string {
  const t = useTranslations('status.member')
  const none = useTranslations('common')('none')
  return (status) => {
    const known = status as Parameters<typeof t>[0]
    return status && t.has(known) ? t(known) : status || none
  }
}

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
