import { useTranslations } from './translations'

/** Messages whose keys are the vendor's values. */
interface ValueMessages {
  (value: never): string
  has(value: never): boolean
}

/** A vendor value in the user's language. Unknown values are shown unchanged. */
export function useVendorWord(messages: ValueMessages): (value: string) => string {
  const none = useTranslations('common')('none')
  return (value) => (value && messages.has(value as never) ? messages(value as never) : value || none)
}
