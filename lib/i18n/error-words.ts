import type { ShownError } from '@/lib/contract/errors'
import { useTranslations } from './translations'

export interface ErrorWords {
  cause: string
  next: string
}

type Translate = ReturnType<typeof useTranslations<never>>

/** What happened and what to do, in the reader's language. */
export function useErrorWords(): (error: ShownError) => ErrorWords {
  const t = useTranslations()
  return (error) => errorWords(t, error)
}

export function errorWords(t: Translate, error: ShownError): ErrorWords {
  // Every placeholder of every text is given, so that a parameter the server left out never shows as a fault.
  const params = { ...absent, ...error.params }
  return { cause: t(`errors.${error.code}.cause`, params), next: t(`errors.${error.code}.next`, params) }
}

const absent = {
  account: '?',
  action: '?',
  admins: 'none',
  alike: 'no',
  by: 'other',
  // The careful words: a change may have happened.
  call: 'change',
  counts: 'none',
  countsOwner: '?',
  denial: 'unknown',
  limit: 0,
  managementAccount: '?',
  message: '',
  minutes: 15,
  name: '?',
  network: 'none',
  operation: 'other',
  outcome: 'unknown',
  policyType: 'other',
  principal: 'unknown',
  reason: 'other',
  requestId: 'none',
  seconds: 5,
  // Nothing is claimed of what was sent unless the server knows.
  sent: 'unknown',
  site: 'international',
  triesLeft: 0,
  unused: 'none',
  unusedOwner: '?',
  what: 'code',
}

/**
 * Words for one field's error, by its key; a key without words is shown as the general one. What follows the key after a
 * space is the text at fault, for messages that name it as `found`.
 */
export function useFieldWords(): (error: string | undefined) => string | undefined {
  const t = useTranslations('fieldErrors')
  return (error) => {
    if (error === undefined) return undefined
    const [key = '', found = ''] = error.split(/ (.*)/s)
    const known = key as Parameters<typeof t>[0]
    return t.has(known) ? t(known, { found }) : t('input.required')
  }
}
