import { busy, type CallFacts, localRefusal, notSent } from './classify'
import { type Endpoints, ecdRegions, isRegion, isRegional } from './endpoints'
import { CloudError } from './failure'
import { operations } from './operations'
import { type Caller, type Request, send } from './send'
import { createSlots } from './slots'

/** Spreads calls over time, across every process that shares its store. */
export interface Pacer {
  /**
   * `key` = operation and account, and the region where the product has several. At most `perSecond` turns in any
   * second, whoever asks. `busy` = no turn within `maxWaitMs`, or `stalledMaxMs` where this process stalls and misses its
   * turns; the call is then not made.
   */
  pace(key: string, perSecond: number, maxWaitMs: number, stalledMaxMs: number): Promise<'go' | 'busy'>
  /** Nobody gets a turn under this key for so many seconds: the vendor said "too fast". */
  pushBack(key: string, seconds: number): Promise<void>
}

export interface CloudOptions {
  endpoints: Endpoints
  /** Limit of one call, its retry included, however the network behaves. */
  deadlineMs: number
  pacer: Pacer
  /** How long a call may wait for its turn before it is given up as busy; 2000 unless told. */
  maxWaitMs?: number
  /** The same for a process that stalls: nobody is ahead of the call then. As long as `maxWaitMs` unless told. */
  stalledMaxMs?: number
  /** Asked right before a `once` call is sent. While false such a call is given up as busy, certainly not sent. */
  mayBegin?(): boolean
}

// Far above what the flow limits of one account let through, far below what would trouble a process.
const callsAtOnce = 64
// The limits are per second.
const pushBackSeconds = 1

export type Call = ReturnType<typeof createCall>

/** The one way out: bounded parallelism, pacing, one retry of reads. What it throws on purpose is a `CloudError`. */
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
    const of = [operation.product, operation.operation, ...(region ? [pacedAs(region)] : [])]
    const key = [...of, caller.accountId ?? credentials.accessKeyId].join(':')
    // STS lets 100 calls a second through and a sign-in makes one or two. Pacing them would cost a database
    // write each and store a row for every key id that somebody makes up; failed sign-ins are counted instead.
    const paced = operation.product !== 'Sts'
    let waited = 0
    let timeLeft = deadlineMs

    async function waiting<R>(turn: (left: (ms: number) => number) => Promise<R>): Promise<R> {
      const from = performance.now()
      const result = await turn((ms) => Math.max(0, ms - waited))
      waited += performance.now() - from
      return result
    }

    /** Without a turn nothing is sent, whatever kept the store from giving one. */
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

    // The slot comes first: a turn that is not used at once would arrive together with later ones.
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
      // A store that fails now must not hide the first cause; the next turn asked of it will say so.
      if (paced && throttled) await pacer.pushBack(key, pushBackSeconds).catch(() => undefined)
      throw error
    } finally {
      release()
    }
  }
}

/** A region can be made up, and each key stays in the pacer's store: those that are not known share one. */
function pacedAs(region: string): string {
  return ecdRegions.ids.includes(region) ? region : 'other'
}

/** Not connected, or cut off: what a connection that was closed while idle looks like, too. */
function connectionFailed(error: unknown): boolean {
  if (!(error instanceof CloudError)) return false
  return error.code === 'cloud.unreachable' || error.wire?.code === 'ECONNRESET'
}

const badKey = { endsSession: true } as const
const printable = /^[\x21-\x7e]+$/

/** Keys that cannot be right are not sent anywhere, and a real key never goes to an emulator. */
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
