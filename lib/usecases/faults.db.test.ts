import { count } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { listAudit } from '@/lib/audit'
import type { ErrorCode } from '@/lib/contract/errors'
import type { BindFlow } from '@/lib/contract/phone'
import { session, signinFailure } from '@/lib/db'
import { createLedger } from '@/lib/ledger'
import type { FaultOrder, Persona } from '@/lib/sandbox'
import type { Context } from './context'
import { listMembers, refreshMembers } from './members'
import { bindPhone, getBindFlow, lookUpPhone, sendCode } from './phone'
import { signInAsPersona } from './session'
import { failureOf, startTestConsole, type TestConsole } from './testing'

// Each case has a member of its own and waits for real deadlines: side by side they take seconds.
vi.setConfig({ maxConcurrency: 6 })

const settleSeconds = 60
const cooldownSeconds = 60
const patience = { timeout: 30_000 }
const phone = '65-91234567'
const sendOperation = 'SendVerificationCodeForBindSecureMobilePhone'
const bindOperation = 'BindSecureMobilePhone'

interface Fault {
  fault: string
  effect?: boolean
  /** Whether the operation was carried out. */
  done: boolean
  /** What a change may be said to have come to, however the answer got lost. */
  outcome: 'accepted' | 'refused' | 'unknown'
  /** Our code of the failure; for the audit the vendor's goes before it. */
  code: ErrorCode | null
  upstreamCode?: string
}

const lost = { outcome: 'unknown', code: 'cloud.silent' } as const
const unreadable = { outcome: 'unknown', code: 'cloud.not_understood' } as const

const faults: readonly Fault[] = [
  {
    fault: 'throttle',
    done: false,
    outcome: 'refused',
    code: 'cloud.busy',
    upstreamCode: 'Throttling.User',
  },
  {
    fault: 'unavailable',
    done: false,
    outcome: 'unknown',
    code: 'cloud.unavailable',
    upstreamCode: 'ServiceUnavailable',
  },
  ...[true, false].flatMap((effect): Fault[] => [
    { fault: 'html502', effect, done: effect, ...unreadable },
    { fault: 'empty', effect, done: effect, ...unreadable },
    { fault: 'silent', effect, done: effect, ...lost },
    { fault: 'reset', effect, done: effect, ...lost },
  ]),
  // Within the deadline, and far beyond it.
  { fault: 'slow:300', done: true, outcome: 'accepted', code: null },
  { fault: 'slow:60000', done: true, ...lost },
]

/** Reads have no effect, and one that was cut off is repeated once. */
const readFaults = faults
  .filter(({ effect }) => effect !== true)
  .map(({ fault, code }) => ({ fault, code, calls: fault === 'reset' ? 2 : 1 }))

/** A look-up of a bind that did or did not take effect. */
type LookUpCase = (typeof readFaults)[number] & { bound: boolean }

let muster: TestConsole
/** Known to be allowed to list, so that nothing here but the lists' own tests calls ListAccounts. */
let wei: Context

beforeAll(async () => {
  muster = await startTestConsole({
    MUSTER_CALL_DEADLINE_SECONDS: '2',
    MUSTER_SETTLE_SECONDS: String(settleSeconds),
    MUSTER_COOLDOWN_SECONDS: String(cooldownSeconds),
  })
  const token = await signedIn('intl-admin')
  await refreshMembers.run(await muster.contextOf(token), {})
  wei = await muster.contextOf(token)
})
afterAll(() => muster.close())

async function signedIn(persona: Persona['id']): Promise<string> {
  const visit = muster.visitor()
  await signInAsPersona.run(visit, { persona })
  return visit.token ?? ''
}

function arm({ fault, effect }: Pick<Fault, 'fault' | 'effect'>, order: Omit<FaultOrder, 'fault'>) {
  return muster.sandbox.arm({ fault, ...(effect !== undefined && { effect }), ...order })
}

/** One member's binding, in a console whose ledger has a clock of its own: no case moves the time of another. */
async function newBinding() {
  const { db, vault, config } = muster.services
  let offsetSeconds = 0
  const ledger = createLedger(db, vault, config, async () => offsetSeconds)
  const ctx: Context = { ...wei, services: { ...muster.services, ledger } }
  const memberId = await muster.newMember()
  return {
    memberId,
    view: () => getBindFlow.run(ctx, { memberId }),
    send: (knowingly = false) => sendCode.run(ctx, { memberId, phone, knowingly }),
    bind: (requestId: string, code: string) => bindPhone.run(ctx, { memberId, requestId, code }),
    lookUp: () => lookUpPhone.run(ctx, { memberId }),
    callsOf: (operation: string) => muster.sandbox.calls({ operation, target: memberId }),
    arm: (row: Pick<Fault, 'fault' | 'effect'>, operation: string, times = 1) =>
      arm(row, { operation, times, match: { accountId: memberId } }),
    async code(): Promise<string> {
      const [newest] = await muster.sandbox.messages({ accountId: memberId })
      if (!newest) throw new Error('no message')
      return newest.code
    },
    hasPhone: async () => (await muster.sandbox.member(memberId)).securePhone !== undefined,
    advance(seconds: number) {
      offsetSeconds += seconds
    },
  }
}

type Binding = Awaited<ReturnType<typeof newBinding>>

function idOf(flow: BindFlow): string {
  if (!flow.request) throw new Error('no request')
  return flow.request.id
}

async function failure(acting: Promise<unknown>): Promise<unknown> {
  return acting.then(
    () => null,
    (error: unknown) => error,
  )
}

/** Everything the console says of one act: while the call is with the cloud, as its answer, and to who looks next. */
async function act({ memberId, callsOf, view }: Binding, operation: string, run: () => Promise<BindFlow>) {
  const before = await callsOf(operation)
  const acting = run()
  const failing = failure(acting)
  await vi.waitFor(
    async () => expect((await callsOf(operation)).length).toBeGreaterThan(before.length),
    patience,
  )
  const during = await view()
  const failed = await failing
  const flow = failed ? null : await acting
  const { db } = muster.services
  const [audit] = await listAudit(db, { accountId: wei.session.accountId, target: memberId }, { limit: 1 })
  const next = await view()
  return { during, flow, failed, audit, next, views: [during, ...(flow ? [flow] : []), next] }
}

async function sendMeets(row: Fault): Promise<void> {
  const binding = await newBinding()
  const { send, view, callsOf } = binding
  await binding.arm(row, sendOperation)
  const { during, failed, audit, next, views } = await act(binding, sendOperation, send)
  const calls = await callsOf(sendOperation)
  expect(calls).toHaveLength(1)
  expect(calls[0]?.effect).toBe(row.done)
  expect(audit).toMatchObject({
    action: 'phone.send_code',
    outcome: row.outcome,
    code: row.upstreamCode ?? row.code,
  })
  // An answer nobody understood is no proof that the code went out, nor that it did not.
  const told = row.outcome === 'refused' ? null : row.outcome
  if (during.request?.state === 'sending') expect(during).toMatchObject({ step: 'code', refused: null })
  for (const seen of views.filter(({ request }) => request?.state !== 'sending')) {
    expect(seen.request?.sendOutcome ?? null).toBe(told)
    // That it was too fast was true of that moment only.
    expect(seen.refused).toBe(null)
    expect(seen.request?.secondsLeft ?? null).toEqual(told === 'accepted' ? expect.any(Number) : null)
    expect(seen).toMatchObject({ step: told ? 'code' : 'number', sentToday: told ? 1 : 0 })
  }

  binding.advance(cooldownSeconds)
  if (row.outcome === 'refused') {
    expect(failed).toMatchObject({ code: row.code, kind: 'busy', executed: 'no' })
    expect(await send()).toMatchObject({ step: 'code', refused: null })
  } else {
    expect(failed).toBeNull()
    if (!row.done) {
      expect(await failure(send())).toMatchObject({ code: 'send.outcome_unknown' })
      expect(await callsOf(sendOperation)).toHaveLength(1)
      await send(true)
    }
  }
  // The code that arrived is the one that binds, whatever was known of its send.
  expect(await callsOf(sendOperation)).toHaveLength(row.done ? 1 : 2)
  const requestId = idOf(await view())
  if (row.done) expect(requestId).toBe(idOf(next))
  const bound = await binding.bind(requestId, await binding.code())
  expect(bound).toMatchObject({ step: 'done', member: { phone: 'bound' } })
  expect(await binding.hasPhone()).toBe(true)
}

async function bindMeets(row: Fault): Promise<void> {
  const binding = await newBinding()
  const requestId = idOf(await binding.send())
  const code = await binding.code()
  const bind = () => binding.bind(requestId, code)
  await binding.arm(row, bindOperation)
  const { failed, flow, audit, next, views } = await act(binding, bindOperation, bind)
  const calls = await binding.callsOf(bindOperation)
  expect(calls).toHaveLength(1)
  expect(await binding.hasPhone()).toBe(row.done)
  expect(audit).toMatchObject({
    action: 'phone.bind',
    outcome: row.outcome,
    code: row.upstreamCode ?? row.code,
  })
  for (const seen of views) {
    // "Bound to this number" is said of an accepted answer only, "has a phone" of one that is there.
    if (row.outcome !== 'accepted') {
      expect(seen.request?.applyRequestId).toBeNull()
      expect(seen.member.phoneMasked).toBeNull()
    }
    if (seen.step === 'done' || seen.member.phone === 'bound') expect(row.done).toBe(true)
    if (row.done) expect(seen.request?.lookupResult).not.toBe('no_phone')
  }

  if (row.outcome === 'accepted') {
    expect(flow).toMatchObject({ step: 'done', member: { phoneMasked: '+65-****4567' } })
    expect(flow?.request?.applyRequestId).toBe(calls[0]?.requestId)
  } else if (row.outcome === 'refused') {
    expect(failed).toMatchObject({ code: row.code, kind: 'busy', executed: 'no' })
    expect(next).toMatchObject({ step: 'code', request: { state: 'sent', triesLeft: 10 } })
    expect(await bind()).toMatchObject({ step: 'done' })
  } else {
    expect(flow).toMatchObject({ step: 'checking', request: { state: 'apply_unknown', triesLeft: 10 } })
    // Opening the page has looked the member up already.
    if (row.done) {
      expect(next).toMatchObject({ step: 'done', request: { lookupResult: 'has_phone' } })
      expect(await failure(bind())).toMatchObject({ code: 'code.request_closed' })
    } else {
      expect(next).toMatchObject({ step: 'checking', request: { lookupResult: 'no_phone' } })
      expect(await failure(bind())).toMatchObject({ code: 'bind.outcome_unknown' })
      expect(await binding.callsOf(bindOperation)).toHaveLength(1)
      // "Not bound" comes with the settle time, and then the same code may be used again.
      binding.advance(settleSeconds)
      expect(await binding.lookUp()).toMatchObject({
        step: 'code',
        request: { state: 'sent', lookupResult: 'no_phone' },
      })
      expect(await bind()).toMatchObject({ step: 'done' })
    }
  }
  expect(await binding.callsOf(bindOperation)).toHaveLength(row.done ? 1 : 2)
  expect(await binding.hasPhone()).toBe(true)
}

async function lookUpMeets({ fault, code, calls, bound }: LookUpCase): Promise<void> {
  const binding = await newBinding()
  const requestId = idOf(await binding.send())
  await binding.arm({ fault: 'reset', effect: bound }, bindOperation)
  await binding.bind(requestId, await binding.code())
  const armed = await binding.arm({ fault }, 'GetAccount', 99)
  const before = await binding.callsOf('GetAccount')

  if (code === null) {
    const looked = await binding.lookUp()
    expect(looked.request?.lookupResult).toBe(bound ? 'has_phone' : 'no_phone')
    expect(await binding.callsOf('GetAccount')).toHaveLength(before.length + calls)
  } else {
    // However late it fails.
    binding.advance(settleSeconds)
    expect(await failure(binding.lookUp())).toMatchObject({ code })
    expect(await binding.callsOf('GetAccount')).toHaveLength(before.length + calls)
    // Whoever opens the page meanwhile is told no more than that nobody knows.
    expect(await binding.view()).toMatchObject({
      step: 'checking',
      request: { state: 'apply_unknown', applyRequestId: null, lookupResult: null },
      member: { phone: 'missing', phoneMasked: null },
    })
  }

  await muster.sandbox.disarm(armed.id)
  binding.advance(settleSeconds)
  expect(await binding.lookUp()).toMatchObject(
    bound
      ? { step: 'done', request: { applyRequestId: null, lookupResult: 'has_phone' } }
      : { step: 'code', request: { state: 'sent', lookupResult: 'no_phone' } },
  )
  expect(await binding.callsOf(bindOperation)).toHaveLength(1)
}

const named = '$fault, carried out: $done'
const lookUps: readonly LookUpCase[] = readFaults.flatMap((row) =>
  [true, false].map((bound) => ({ ...row, bound })),
)

function isThrottle({ fault }: { fault: string }): boolean {
  return fault === 'throttle'
}

// A call that came too fast holds back everybody of its account: these have it to themselves.
describe('a throttled call was not carried out:', () => {
  test.each(faults.filter(isThrottle))('a send', sendMeets)
  test.each(faults.filter(isThrottle))('a bind', bindMeets)
  test.each(lookUps.filter(isThrottle))('a look-up; bound: $bound', lookUpMeets)
})

describe.concurrent('a send that meets', () => {
  test.each(faults.filter((row) => !isThrottle(row)))(named, sendMeets)
})

describe.concurrent('a bind that meets', () => {
  test.each(faults.filter((row) => !isThrottle(row)))(named, bindMeets)
})

describe.concurrent('a look-up of a bind of unknown outcome that meets', () => {
  test.each(lookUps.filter((row) => !isThrottle(row)))('$fault; bound: $bound', lookUpMeets)
})

test('a look-up that is cut off once is repeated, and tells', async () => {
  const binding = await newBinding()
  await binding.arm({ fault: 'reset' }, 'GetAccount')
  expect(await binding.lookUp()).toMatchObject({ member: { phone: 'missing' } })
  expect(await binding.callsOf('GetAccount')).toHaveLength(2)
})

describe('a list that meets', () => {
  // Two directories, so that neither waits for the other: who may look is checked in one, the other is read.
  const checked = 'amira.said'
  const reader = 'muster-operator/li.na'
  let amira: string
  let li: Context

  beforeAll(async () => {
    amira = await signedIn('read-only')
    const token = await signedIn('china-admin')
    await refreshMembers.run(await muster.contextOf(token), {})
    li = await muster.contextOf(token)
  })

  const callsBy = (caller: string) => muster.sandbox.calls({ operation: 'ListAccounts', caller })
  const armFor = (caller: string, fault: string) =>
    arm({ fault }, { operation: 'ListAccounts', times: 99, match: { caller } })

  async function letsNobodyIn({ fault, code, calls }: (typeof readFaults)[number]) {
    const ctx = await muster.contextOf(amira)
    // What was allowed is remembered for five minutes; here they are over.
    ctx.session.mayList = false
    const before = await callsBy(checked)
    const { id } = await armFor(checked, fault)
    if (code) expect(await failureOf(listMembers, ctx, { page: 1 })).toMatchObject({ code })
    else expect((await listMembers.run(ctx, { page: 1 })).total).toBeGreaterThan(0)
    expect(await callsBy(checked)).toHaveLength(before.length + calls)
    await muster.sandbox.disarm(id)
    expect((await listMembers.run(ctx, { page: 1 })).total).toBeGreaterThan(0)
  }

  async function keepsItsRows({ fault, code, calls }: (typeof readFaults)[number]) {
    const { counts, readAt } = await listMembers.run(li, { page: 1 })
    const before = await callsBy(reader)
    const { id } = await armFor(reader, fault)
    if (code) expect(await failureOf(refreshMembers, li, {})).toMatchObject({ code })
    else await refreshMembers.run(li, {})
    await muster.sandbox.disarm(id)
    expect(await callsBy(reader)).toHaveLength(before.length + calls)
    const list = await listMembers.run(li, { page: 1 })
    expect(list).toMatchObject({ counts, reading: false })
    expect(list.readError?.code ?? null).toBe(code)
    if (code) expect(list.readAt).toBe(readAt)
    else expect(list.readAt).not.toBe(readAt)
  }

  test.each(readFaults)(
    '$fault lets nobody in unchecked, and keeps its rows when it is read',
    async (row) => {
      // A page that comes too fast is asked for again after pauses: members-reading.db.test.ts.
      await Promise.all([letsNobodyIn(row), isThrottle(row) ? undefined : keepsItsRows(row)])
    },
  )
})

describe('a sign-in that meets', () => {
  const steps = [
    { operation: 'GetCallerIdentity', persona: 'no-directory', caller: 'oliver.brandt' },
    { operation: 'AssumeRole', persona: 'china-admin', caller: 'li.na' },
    { operation: 'GetResourceDirectory', persona: 'read-only', caller: 'amira.said' },
  ] as const

  async function rowsOf(table: typeof session | typeof signinFailure) {
    const [row] = await muster.services.db.select({ total: count() }).from(table)
    return row?.total
  }

  /** Three people sign in at once, each with the fault in another of the calls. */
  test.each(faults)(named, async (row) => {
    const sessions = await rowsOf(session)
    await Promise.all(
      steps.map(async ({ operation, persona, caller }) => {
        // A read has no effect to begin with.
        if (row.effect && operation !== 'AssumeRole') return
        const repeated = row.fault === 'reset' && operation !== 'AssumeRole'
        const before = await muster.sandbox.calls({ operation, caller })
        const { id } = await arm(row, { operation, times: 99, match: { caller } })
        const visit = muster.visitor()
        if (row.code) {
          const failure = await failureOf(signInAsPersona, visit, { persona })
          expect(failure).toMatchObject({ code: row.code, upstream: { operation } })
          expect(visit.token).toBeNull()
        } else {
          await signInAsPersona.run(visit, { persona })
          expect(visit.token).not.toBeNull()
        }
        await muster.sandbox.disarm(id)
        const made = (await muster.sandbox.calls({ operation, caller })).slice(before.length)
        expect(made).toHaveLength(repeated ? 2 : 1)
      }),
    )
    if (row.code) expect(await rowsOf(session)).toBe(sessions)
    // An outage is no wrong guess, and the next try is welcome.
    expect(await rowsOf(signinFailure)).toBe(0)
    expect(await signedIn('china-admin')).not.toBe('')
  })
})
