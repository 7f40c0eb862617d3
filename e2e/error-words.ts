import { createTranslator } from 'next-intl'
import type { ErrorBody } from '../lib/contract/errors.ts'
import { errorWords } from '../lib/i18n/error-words.ts'
import { en, type Messages, zh } from './messages'

function translate(locale: 'en' | 'zh-CN', messages: Messages) {
  return createTranslator({
    locale,
    messages,
    namespace: 'errors',
    onError(error) {
      throw error
    },
  }) as never
}

const languages = { en: translate('en', en), 'zh-CN': translate('zh-CN', zh) }

/** What a person reads of a failure: its cause, and what to do next. */
export function wordsOf(locale: 'en' | 'zh-CN', error: ErrorBody) {
  return errorWords(languages[locale], error)
}
