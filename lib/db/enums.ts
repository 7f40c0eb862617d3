// The values of our own enum columns. The schema turns each list into a CHECK, so the database and the types refuse the
// same values. The vendor's enums (member type, status) are open: no list, no CHECK.

export const SITES = ['international', 'china'] as const

/**
 * `assumed_role`: this console assumed the role with a RAM user's key. `role_session`: with temporary credentials of a role
 * assumed elsewhere, whose session name was chosen by the assuming party and does not prove an identity.
 */
export const SIGN_IN_METHODS = ['access_key', 'assumed_role', 'role_session'] as const

/**
 * `waiting`: for capacity. `checking`: the key is being checked. `proven`: the key is valid, the rest is in progress.
 * Final: `failed` (counts as a wrong guess), `passed`, or `other` (an outage, or a refusal despite a valid key).
 */
export const SIGNIN_ATTEMPT_STATES = ['waiting', 'checking', 'proven', 'failed', 'passed', 'other'] as const
export type SigninAttemptState = (typeof SIGNIN_ATTEMPT_STATES)[number]

export const PHONE_STATES = ['unread', 'bound', 'missing'] as const
export type PhoneState = (typeof PHONE_STATES)[number]

export const CODE_OPERATIONS = ['bind_phone', 'enable_directory', 'join_network'] as const
export type CodeOperation = (typeof CODE_OPERATIONS)[number]

export const CODE_REQUEST_STATES = [
  'sending',
  'sent',
  'refused',
  'unknown',
  'trying',
  'applying',
  'applied',
  'apply_unknown',
  'void',
] as const
export type CodeRequestState = (typeof CODE_REQUEST_STATES)[number]

export const AUDIT_OUTCOMES = ['started', 'accepted', 'refused', 'unknown', 'failed'] as const
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number]

/** A failure as a route would return it. Its values are validated by the code that writes and reads it. */
export interface StoredFailure {
  code: string
  params?: Record<string, string | number>
  upstream?: { product: string; operation: string; code?: string; message?: string; requestId?: string }
}
