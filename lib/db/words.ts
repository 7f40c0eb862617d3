// The closed vocabularies of our own columns. The schema turns each into a CHECK, so the database and the
// types refuse the same values. Vendor vocabularies (member type, status) are open: no list, no CHECK.

export const SITES = ['international', 'china'] as const

export const SIGN_IN_METHODS = ['access_key', 'assumed_role'] as const

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
