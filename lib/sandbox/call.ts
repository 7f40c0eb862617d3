import type { Params } from './params.ts'
import type { Caller } from './permissions.ts'
import type { Assumptions, SandboxState } from './state.ts'
import type { OperationCode } from './wire-errors.ts'

export type Product = 'Sts' | 'ResourceManager' | 'ResourceDirectoryMaster' | 'ecd'

/** A call that passed signature, limits and permissions, on its way to a handler. */
export interface Call {
  product: Product
  params: Params
  caller: Caller
  state: SandboxState
  assumptions: Assumptions
}

/** Answers a call with the fields of the reply (RequestId is added), or throws a WireError. */
export type Handler = (call: Call) => Record<string, unknown>

/** One row of the action table. */
export interface Action {
  product: Product
  operation: string
  /** Plain parameter names, tags aside. */
  params: readonly string[]
  /** Parameters whose absence the gateway itself refuses with `Missing<Param>`. */
  required: readonly string[]
  /** Calls per second per main account. */
  perSecond: number
  /** Absent when the operation needs no permission. */
  ramAction?: string
  /** What the call is about, for the record of calls and for faults that match it: a member, unless a row says else. */
  target: (params: Params, caller: Caller) => string
  /** The resource a policy must cover; `*` for operations without a resource level. */
  resource: (params: Params) => string
  /** Codes documented for this operation, beside the gateway's. */
  errors: readonly OperationCode[]
  handler: Handler
}
