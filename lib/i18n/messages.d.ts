import type { formats } from './formats'
import type { Locale } from './locale'
import type messages from './messages/en'

declare module 'next-intl' {
  interface AppConfig {
    Locale: Locale
    Messages: typeof messages
    Formats: typeof formats
  }
}
