import type { ShownError } from '@/lib/contract/errors'
import { useTranslations } from './translations'

export interface ErrorWords {
  cause: string
  next: string
}

type Translate = ReturnType<typeof useTranslations<'errors'>>

/** What happened and what to do, in the reader's language. */
export function useErrorWords(): (error: ShownError) => ErrorWords {
  const t = useTranslations('errors')
  return (error) => errorWords(t, error)
}

export function errorWords(t: Translate, error: ShownError): ErrorWords {
  // Every placeholder of every text is given, so that a parameter the server left out never shows as a fault.
  const params = { ...absent, ...error.params }
  return { cause: t(`${error.code}.cause`, params), next: t(`${error.code}.next`, params) }
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
  attemptsLeft: 0,
  unused: 'none',
  unusedOwner: '?',
  what: 'code',
}
