import { busy, type CallFacts, localRefusal, notSent } from './classify'
import { type Endpoints, ecdRegions, isRegion, isRegional } from './endpoints'
import { CloudError } from './failure'
import { operations } from './operations'
import { type Caller, type Request, send } from './send'
import { createSlots } from './slots'

/** Rate limiter shared by every process that uses the same store. */
export interface Pacer {
  /**
   * Waits for a turn: at most `perSecond` turns per `key` in any second, over all processes. `key` = operation and
   * account, plus the region if the product is regional. `busy` = no turn within `maxWaitMs`, or within `stalledMaxMs`
   * if this process stalls and misses its turns; the call must then not be made.
   */
  pace(key: string, perSecond: number, maxWaitMs: number, stalledMaxMs: number): Promise<'go' | 'busy'>
  /** Blocks the key for this many seconds, for every process, after the vendor throttled a call. */
  pushBack(key: string, seconds: number): Promise<void>
}

export interface CloudOptions {
  endpoints: Endpoints
  /** Time limit of one call including its retry. Waiting for its turn is not included. */
  deadlineMs: number
  pacer: Pacer
  /** How long a call may wait for its turn before it fails as busy; default 2000. */
  maxWaitMs?: number
  /** The same while this process stalls and misses its turns; defaults to `maxWaitMs`. */
  stalledMaxMs?: number
  /** Checked right before a `once` call is sent. If false, the call fails as busy and is not sent. */
  mayBegin?(): boolean
}

// Far above what the rate limits of one account allow, far below what would overload the process.
const callsAtOnce = 64
// The vendor's limits are per second.
const pushBackSeconds = 1

export type Call = ReturnType<typeof createCall>

/** Every call goes through here: bounded concurrency, pacing, one retry of reads. Failures are `CloudError`s. */
export function createCall({
  endpoints,
  deadlineMs,
  pacer,
  maxWaitMs = 2000,
  stalledMaxMs = maxWaitMs,
  mayBegin = () => true,
}: CloudOptions) {
  const slots = createSlots(callsAtOnce)

  return async function call<T>(caller: Caller, request: Request<T>): Promise<T> {
    const operation = operations[request.name]
    const { credentials } = caller
    const facts: CallFacts = {
      name: request.name,
      site: caller.site,
      caller: caller.name,
      secrets: [credentials.accessKeySecret, credentials.securityToken ?? '', ...(request.secrets ?? [])],
    }
    refuseUnusableKeys(caller, endpoints, facts)
    const { region } = request
    if (isRegional(operation.product) && !isRegion(region)) throw localRefusal(facts, 'region.unknown')
    const of = [operation.product, operation.operation, ...(region ? [pacingRegion(region)] : [])]
    const key = [...of, caller.accountId ?? credentials.accessKeyId].join(':')
    // STS allows 100 calls per second and a sign-in makes at most four. Pacing them would cost a database write
    // each and store a row for every invented key id; failed sign-ins are limited separately instead.
    const paced = operation.product !== 'Sts'
    let waited = 0
    let timeLeft = deadlineMs

    async function waiting<R>(wait: (left: (ms: number) => number) => Promise<R>): Promise<R> {
      const from = performance.now()
      const result = await wait((ms) => Math.max(0, ms - waited))
      waited += performance.now() - from
      return result
    }

    /** If the pacer fails, nothing is sent. */
    async function turn(perSecond: number, left: (ms: number) => number): Promise<'go' | 'busy'> {
      try {
        return await pacer.pace(key, perSecond, left(maxWaitMs), left(stalledMaxMs))
      } catch (error) {
        throw notSent(facts, error)
      }
    }

    async function attempt(): Promise<T> {
      const { limitPerSecond } = operation
      if (paced && (await waiting((left) => turn(limitPerSecond, left))) === 'busy') throw busy(facts)
      if (operation.kind === 'once' && !mayBegin()) throw busy(facts)
      const from = performance.now()
      try {
        const answer = await send(endpoints, caller, request, facts, Math.ceil(timeLeft))
        if (operation.kind !== 'read') caller.onAccepted?.(request.name)
        return answer
      } finally {
        timeLeft -= performance.now() - from
      }
    }

    // Take the slot first: once it is its turn, a call must be sent immediately, or it would bunch up with later ones.
    const release = await waiting((left) => slots.take(left(maxWaitMs)))
    if (!release) throw busy(facts)
    try {
      try {
        return await attempt()
      } catch (error) {
        const again = operation.kind === 'read' && timeLeft > 0 && connectionFailed(error)
        if (!again) throw error
      }
      return await attempt()
    } catch (error) {
      const throttled = error instanceof CloudError && error.kind === 'busy' && error.upstream?.code
      // If the store fails here, keep the original error; the next call will report the store's failure.
      if (paced && throttled) await pacer.pushBack(key, pushBackSeconds).catch(() => undefined)
      throw error
    } finally {
      release()
    }
  }
}

/** Regions can be invented and every key is stored by the pacer, so unknown regions share one key. */
function pacingRegion(region: string): string {
  return ecdRegions.ids.includes(region) ? region : 'other'
}

/** Not connected, or reset. A connection that was closed while idle fails the same way. */
function connectionFailed(error: unknown): boolean {
  if (!(error instanceof CloudError)) return false
  return error.code === 'cloud.unreachable' || error.wire?.code === 'ECONNRESET'
}

const badKey = { endsSession: true } as const
const printable = /^[\x21-\x7e]+$/

/** Malformed keys are never sent, and a real key is never sent to the sandbox. */
function refuseUnusableKeys({ credentials }: Caller, endpoints: Endpoints, facts: CallFacts): void {
  const { accessKeyId, accessKeySecret, securityToken } = credentials
  if (endpoints.kind === 'sandbox' && !/^(SANDBOX-|STS\.)/.test(accessKeyId)) {
    throw localRefusal(facts, 'signin.sandbox_keys_only', 'accessKeyId', badKey)
  }
  if (!printable.test(accessKeyId)) throw localRefusal(facts, 'signin.key_unknown', 'accessKeyId', badKey)
  if (!printable.test(accessKeySecret))
    throw localRefusal(facts, 'signin.secret_wrong', 'accessKeySecret', badKey)
  if (securityToken && !printable.test(securityToken)) {
    throw localRefusal(facts, 'signin.token_refused', 'securityToken', badKey)
  }
}
