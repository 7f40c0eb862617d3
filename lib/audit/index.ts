export type { AuditEntry, AuditFilter, AuditPage, AuditRow } from './audit.ts'
export { appendAudit, listAudit } from './audit.ts'
export type { AuditFault, AuditVerification } from './verify.ts'
export { verifyAudit } from './verify.ts'
