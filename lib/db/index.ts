export { isStorageAway } from './away.ts'
export { isAhead } from './clock.ts'
export type { RunSql } from './db.ts'
export { syncFolder } from './durable-fs.ts'
export type {
  AuditOutcome,
  CodeOperation,
  CodeRequestState,
  PhoneState,
  SigninAttemptState,
} from './enums.ts'
export { CODE_OPERATIONS, CODE_REQUEST_STATES } from './enums.ts'
export { lockFile, makeFolder } from './lock.ts'
export type { Database, Db } from './open.ts'
export { openDatabase } from './open.ts'
export { createPacer, sweepSlots } from './pacer.ts'
export { acceptedCall, session, signinAttempt, signinTally } from './schema/access.ts'
export { audit } from './schema/audit.ts'
export { codeRequest } from './schema/code-request.ts'
export { directory, folder, member } from './schema/directory.ts'
export { ownSecret } from './secret.ts'
export type { Storage } from './storage.ts'
export { ignoringFullStorage, storageBlock } from './storage.ts'
export type { Vault } from './vault.ts'
export { checkSecret, createVault, hasSecret } from './vault.ts'
