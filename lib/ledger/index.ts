export {
  createLedger,
  type Ledger,
  type LedgerView,
  wrongTriesMax,
} from './ledger'
export type { CodeRequest, Refusal, Subject } from './requests'
