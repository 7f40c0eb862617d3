export type { AuditEntry } from './audit.ts'
export { appendAudit, listAudit } from './audit.ts'
export { verifyAudit } from './verify.ts'
