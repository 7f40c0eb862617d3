export type { Database, Db, OpenOptions } from './open.ts'
export { openDatabase } from './open.ts'
export type { Pace, Pacer } from './pacer.ts'
export { createPacer } from './pacer.ts'
export {
  audit,
  codeRequest,
  directory,
  folder,
  member,
  session,
  setting,
  signinFailure,
} from './schema.ts'
export type { Vault } from './vault.ts'
export { checkSecret, createVault } from './vault.ts'
export { violatedConstraint } from './violation.ts'
export type {
  AuditOutcome,
  CodeOperation,
  CodeRequestState,
  PhoneState,
  SignInMethod,
  Site,
} from './words.ts'
export {
  AUDIT_OUTCOMES,
  CODE_OPERATIONS,
  CODE_REQUEST_STATES,
  PHONE_STATES,
  SIGN_IN_METHODS,
  SITES,
} from './words.ts'
