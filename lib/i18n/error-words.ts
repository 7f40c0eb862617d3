import type { ShownError } from '@/lib/contract/errors'
import { useTranslations } from './translations'

export interface ErrorWords {
  cause: string
  next: string
}

type Translate = ReturnType<typeof useTranslations<'errors'>>

/** What happened and what to do next, in the user's language. */
export function useErrorWords(): (error: ShownError) => ErrorWords {
  const t = useTranslations('errors')
  return (error) => errorWords(t, error)
}

export function errorWords(t: Translate, error: ShownError): ErrorWords {
  // Every placeholder has a default, so that a parameter missing from the server's reply never breaks the message.
  const params = { ...defaults, ...error.params }
  return { cause: t(`${error.code}.cause`, params), next: t(`${error.code}.next`, params) }
}

const defaults = {
  account: '?',
  action: '?',
  admins: 'none',
  alike: 'no',
  by: 'other',
  // The cautious variant: a change may have taken effect.
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
  // No claim about what was sent unless the server knows.
  sent: 'unknown',
  site: 'international',
  attemptsLeft: 0,
  unused: 'none',
  unusedOwner: '?',
  what: 'code',
}
