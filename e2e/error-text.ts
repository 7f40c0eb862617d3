import { expect } from '@playwright/test'
import { createTranslator } from 'next-intl'
import type { ErrorFact } from '../lib/alicloud/operation-facts.fixture.ts'
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

/** The text shown for an error: its cause, and what to do next. */
export function errorTextOf(locale: 'en' | 'zh-CN', error: ErrorBody) {
  return errorWords(languages[locale], error)
}

/** Refused, busy and unknown calls have different texts; a failed read is never described as a change. */
export function expectErrorText(error: ErrorBody, kind: ErrorFact['kind'] | 'session_over'): void {
  const english = errorTextOf('en', error)
  const chinese = errorTextOf('zh-CN', error)
  const said = `${english.cause} ${english.next}`
  const note = `${error.upstream?.operation} ${error.upstream?.code}: ${said} ${chinese.cause} ${chinese.next}`
  for (const text of [english.cause, english.next]) expect(text, note).toMatch(/^[A-Z][^{}?]{8,}\.$/)
  for (const text of [chinese.cause, chinese.next])
    expect(text, note).toMatch(/^[^{}?]*\p{Script=Han}[^{}?]*。$/u)
  expect(said, note).not.toMatch(/undefined|unknown|Settings/)
  const claimsNothingDone = /Nothing was changed|No code was sent|未做任何更改|未发送验证码/
  const doubts = /may have been carried out|Check the status|尚不确定|先确认当前状态/
  const both = `${said} ${chinese.cause} ${chinese.next}`
  if (kind === 'unknown') {
    expect(both, note).not.toMatch(claimsNothingDone)
    expect(both, note).not.toMatch(doubts)
    expect(english.next, note).toMatch(/^Try again/)
    expect(chinese.next, note).toMatch(/重试/)
  } else {
    expect(both, note).not.toMatch(doubts)
  }
  if (kind === 'busy') {
    expect(english.cause, note).toContain('not carried out')
    expect(english.next, note).toBe('Try again in 5 seconds.')
  }
  if (kind === 'session_over') expect(english.next, note).toMatch(/^Sign in again\./)
  if (error.code === 'cloud.permission') {
    for (const { cause } of [english, chinese]) expect(cause, note).toContain(String(error.params?.action))
  }
}
