// The closed vocabularies of our own columns. The schema turns each into a CHECK, so the database and the
// types refuse the same values. Vendor vocabularies (member type, status) are open: no list, no CHECK.

export const SITES = ['international', 'china'] as const

/**
 * `assumed_role`: with a role that this console assumed with a RAM user's key. `role_session`: with temporary credentials
 * of a role from elsewhere, whose session name was chosen by whoever assumed it and proves nobody.
 */
export const SIGN_IN_METHODS = ['access_key', 'assumed_role', 'role_session'] as const

/**
 * `waiting` for room, `checking` the key, `proven`: the key is right, the rest is under way; then `failed` as a guess does,
 * `passed`, or `other`: an outage, or a refusal that a right key meets.
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

/** A failure as a route would answer it. Its words belong to other folders, which check what they write and read here. */
export interface StoredFailure {
  code: string
  params?: Record<string, string | number>
  upstream?: { product: string; operation: string; code?: string; message?: string; requestId?: string }
}
