import { randomUUID } from 'node:crypto'
import { findAction, productOfVersion } from './actions.ts'
import { authenticate, NonceMemory, type WireRequest } from './authenticate.ts'
import type { Action } from './call.ts'
import { takeFault } from './faults.ts'
import { FlowControl } from './flow-control.ts'
import type { CallRecord } from './model.ts'
import { Params } from './params.ts'
import { authorize, type Caller } from './permissions.ts'
import type { ArmedFault, Assumptions, SandboxState } from './state.ts'
import { documentedRefusal, missing, refusal, WireError } from './wire-errors.ts'

/** How the server responds to a call: with JSON, or with a broken answer. */
export type Answer =
  | { kind: 'json'; status: number; body: Record<string, unknown>; delayMs: number }
  | { kind: 'html502' | 'empty' | 'silent' | 'reset' }

export interface Api {
  answer(request: WireRequest): Answer
}

/** The emulated cloud behind its single endpoint. */
export function createApi(state: SandboxState, options: { assumptions: Assumptions; limits: boolean }): Api {
  const nonces = new NonceMemory()
  const flow = new FlowControl()

  function carryOut(action: Action, caller: Caller, params: Params): Record<string, unknown> {
    const flowKey = `${caller.accountId} ${action.product}/${action.operation}`
    if (options.limits && !flow.admits(flowKey, action.perSecond)) throw refusal('Throttling.User')
    if (action.ramAction !== undefined) authorize(caller, action.ramAction, action.resource(params))
    const absent = action.required.find((name) => params.get(name) === undefined)
    if (absent !== undefined) throw missing(absent)
    return action.handler({
      product: action.product,
      params,
      caller,
      state,
      assumptions: options.assumptions,
    })
  }

  return {
    answer(request) {
      const record = blankRecord(state)
      let host = 'api.aliyuncs.com'
      let delayMs = 0
      const reply = (status: number, body: Record<string, unknown>): Answer => ({
        kind: 'json',
        status,
        body: { ...body, RequestId: record.requestId },
        delayMs,
      })
      try {
        const fields = [...request.query, ...request.form]
        const params = new Params(fields)
        const { product, action } = findOperation(request, params, record)
        host = product.host
        const { caller, mismatch } = authenticate(request, state, nonces)
        Object.assign(record, {
          callerKeyId: caller.keyId,
          caller: caller.name,
          callerAccountId: caller.accountId,
          target: action.target(params, caller),
        })
        const fault = takeFault(state, action, caller, record.target)
        if (fault) refuseByFault(fault, action, caller, params, mismatch)
        if (fault && isReplacement(fault.fault)) {
          record.outcome = fault.fault
          record.effect =
            fault.effect && succeeds(() => carryOut(action, caller, params)) && !isDryRun(action, params)
          return { kind: fault.fault }
        }
        // The delay applies to refusals, too.
        if (fault) delayMs = Number(fault.fault.replace('slow:', ''))
        const body = carryOut(action, caller, params)
        record.effect = !isDryRun(action, params)
        return reply(200, body)
      } catch (error) {
        const refused = error instanceof WireError ? error : unexpected(error)
        record.outcome = refused.code
        return reply(refused.status, errorBody(refused, host, record))
      } finally {
        state.addCall(record)
      }
    },
  }
}

function blankRecord(state: SandboxState): CallRecord {
  return {
    requestId: randomUUID().toUpperCase(),
    time: new Date(state.now()).toISOString(),
    product: '',
    operation: '',
    callerKeyId: '',
    caller: '',
    callerAccountId: '',
    target: '',
    outcome: 'OK',
    effect: false,
  }
}

/** Newer clients send operation and version in headers, older ones as parameters. */
function findOperation({ method, path, headers }: WireRequest, params: Params, record: CallRecord) {
  const version = headers['x-acs-version'] ?? params.get('Version')
  const operation = headers['x-acs-action'] ?? params.get('Action')
  if (operation === undefined) throw missing('Action')
  if (version === undefined) throw missing('Version')
  const product = productOfVersion(version)
  if (!product) throw refusal('InvalidVersion')
  const action = path === '/' ? findAction(product.product, operation) : undefined
  if (!action) throw refusal('InvalidAction.NotFound')
  record.product = action.product
  record.operation = action.operation
  if (method !== 'GET' && method !== 'POST') throw refusal('UnsupportedHTTPMethod')
  return { product, action }
}

/** Throws when the fault is a refusal, so that the operation is not carried out. */
function refuseByFault(
  fault: ArmedFault,
  action: Action,
  caller: Caller,
  params: Params,
  mismatch: () => WireError,
) {
  if (fault.fault === 'throttle') throw refusal('Throttling.User')
  if (fault.fault === 'unavailable') throw refusal('ServiceUnavailable')
  if (!fault.fault.startsWith('code:')) return
  const code = fault.fault.slice('code:'.length)
  if (code === 'SignatureDoesNotMatch') throw mismatch()
  if (code === 'NoPermission' && action.ramAction !== undefined) {
    // For a caller without policies, authorize() throws the full error with AccessDeniedDetail.
    authorize(
      { ...caller, kind: caller.kind === 'root' ? 'user' : caller.kind, policies: [] },
      action.ramAction,
      action.resource(params),
    )
  }
  throw documentedRefusal(code, action) ?? refusal('UnknownError')
}

/** A dry run is answered like the real call, but has no effect. */
function isDryRun(action: Action, params: Params): boolean {
  return action.params.includes('DryRun') && params.boolean('DryRun')
}

function isReplacement(fault: string): fault is 'html502' | 'empty' | 'silent' | 'reset' {
  return fault === 'html502' || fault === 'empty' || fault === 'silent' || fault === 'reset'
}

function succeeds(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch (error) {
    if (error instanceof WireError) return false
    throw error
  }
}

function unexpected(error: unknown): WireError {
  process.emitWarning(error instanceof Error ? error : String(error))
  return refusal('InternalError')
}

function errorBody(error: WireError, host: string, record: CallRecord): Record<string, unknown> {
  const query = new URLSearchParams({ q: error.code, product: record.product, requestId: record.requestId })
  return {
    HostId: host,
    Code: error.code,
    Message: error.message,
    Recommend: `https://api.aliyun.com/troubleshoot?${query}`,
    ...error.extra,
  }
}
