export {
  type ApplyOutcome,
  createLedger,
  type Ledger,
  type LedgerLimits,
  type LedgerView,
  type SendOutcome,
  wrongTriesMax,
} from './ledger'
export type { CodeRequest, Operator, Refusal, Subject } from './requests'
