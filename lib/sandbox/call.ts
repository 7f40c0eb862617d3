import type { Params } from './params.ts'
import type { Caller } from './permissions.ts'
import type { Assumptions, SandboxState } from './state.ts'
import type { OperationCode } from './wire-errors.ts'

export type Product = 'Sts' | 'ResourceManager' | 'ResourceDirectoryMaster' | 'ecd'

/** A call that passed the signature, flow limit and permission checks. */
export interface Call {
  product: Product
  params: Params
  caller: Caller
  state: SandboxState
  assumptions: Assumptions
}

/** Returns the fields of the reply (RequestId is added later), or throws a WireError. */
export type Handler = (call: Call) => Record<string, unknown>

/** One row of the action table. */
export interface Action {
  product: Product
  operation: string
  /** Parameter names, except for tags. */
  params: readonly string[]
  /** Parameters for which the gateway returns `Missing<Param>` when they are absent. */
  required: readonly string[]
  /** Calls per second per main account. */
  perSecond: number
  /** Absent when the operation requires no permission. */
  ramAction?: string
  /** The resource the call is about, for the call log and for matching faults. Default: the member in `AccountId`. */
  target: (params: Params, caller: Caller) => string
  /** The resource a policy must cover; `*` for operations without resource-level authorization. */
  resource: (params: Params) => string
  /** Error codes documented for this operation, in addition to the gateway's. */
  errors: readonly OperationCode[]
  handler: Handler
}
