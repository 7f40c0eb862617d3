export { createLedger, type Ledger } from './ledger'
export type { ApplyOutcome, SendOutcome } from './outcomes'
export type { CodeRequest, Intent, Refusal, Subject } from './requests'
export type { LedgerView } from './view'
