export type { AuditEntry } from './audit.ts'
export { appendAudit, appendClosing, listAudit } from './audit.ts'
export { auditTalliedSignIns, isAudited, tallySignIn } from './signins.ts'
