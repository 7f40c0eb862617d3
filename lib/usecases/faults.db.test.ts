import { describe, expect, test, vi } from 'vitest'
import { listAudit } from '@/lib/audit'
import {
  type Act,
  conclusiveSeconds,
  cooldownSeconds,
  type Fault,
  type Flow,
  faults,
  flowsOfTests,
  inFlightTimeoutSeconds,
  isThrottle,
  type RunCheck,
  readFaults,
  type Seen,
  type Send,
  sendOperation,
} from './testing-faults'

// Each case has its own member or company and waits for real deadlines: run concurrently, they take only seconds.
vi.setConfig({ maxConcurrency: 14 })

// Many cases run at once, possibly on a busy machine.
const patience = { timeout: 120_000 }

const flows = flowsOfTests()
const { sends, acts, checks, bind, withoutCode, newBinding } = flows

const named = '$fault, carried out: $done'

/** Reconciliation of a change that did or did not take effect. */
type ReconcileCase = (typeof readFaults)[number] & { done: boolean }

function idOf(flow: Seen): string {
  if (!flow.request) throw new Error('no request')
  return flow.request.id
}

async function failure(acting: Promise<unknown>): Promise<unknown> {
  return acting.then(
    () => null,
    (error: unknown) => error,
  )
}

/** Everything the console shows about one call: while it is in flight, as its answer, and to the next read. */
async function watched<T>(
  { accountId, target, callsOf, view }: Flow,
  { operation, action }: { operation: string; action: string },
  run: () => Promise<T>,
) {
  const before = await callsOf(operation)
  const acting = run()
  const failing = failure(acting)
  await vi.waitFor(
    async () => expect((await callsOf(operation)).length).toBeGreaterThan(before.length),
    patience,
  )
  const during = await view()
  const failed = await failing
  const answer = failed ? null : await acting
  const { db } = flows.muster.services
  const [audit] = await listAudit(db, { accountId, target, actions: [action] }, { limit: 1 })
  const next = await view()
  return { during, answer, failed, audit, next }
}

function views({ during, answer, next }: { during: Seen; answer: Seen | null; next: Seen }): Seen[] {
  return answer ? [during, answer, next] : [during, next]
}

async function sendMeets(kind: Send, row: Fault): Promise<void> {
  const { operation, begin, from } = kind
  const flow = await begin()
  const { send, view, callsOf } = flow
  await flow.arm(row, operation)
  const seen = await watched(flow, kind, send)
  const { during, failed, audit, next } = seen
  const calls = await callsOf(operation)
  expect(calls).toHaveLength(1)
  expect(calls[0]?.effect).toBe(row.done)
  expect(audit).toMatchObject({ outcome: row.outcome, code: row.upstreamCode ?? row.code })
  // An unreadable answer proves neither that the code was sent nor that it was not.
  const shown = row.outcome === 'refused' ? null : row.outcome
  if (during.request?.state === 'sending') expect(during).toMatchObject({ step: 'code', refused: null })
  // Only for a bind does Alibaba Cloud report when the code expires.
  const life = shown === 'accepted' && operation === sendOperation ? expect.any(Number) : null
  for (const view of views(seen).filter(({ request }) => request?.state !== 'sending')) {
    expect(view.request?.sendOutcome ?? null).toBe(shown)
    // Throttling is transient and not shown afterward.
    expect(view.refused).toBe(null)
    expect(view.request?.secondsLeft ?? null).toEqual(life)
    expect(view).toMatchObject({ step: shown ? 'code' : from, sentToday: shown ? 1 : 0 })
  }

  flow.advance(cooldownSeconds)
  if (row.outcome === 'refused') {
    expect(failed).toMatchObject({ code: row.code, kind: 'busy', executed: 'no' })
    expect(await send()).toMatchObject({ step: 'code', refused: null })
  } else {
    expect(failed).toBeNull()
    if (!row.done) {
      expect(await failure(send())).toMatchObject({ code: 'send.outcome_unknown' })
      expect(await callsOf(operation)).toHaveLength(1)
      await send(true)
    }
  }
  // The code that arrived counts, whatever was known about its send.
  expect(await callsOf(operation)).toHaveLength(row.done ? 1 : 2)
  const requestId = idOf(await view())
  if (row.done) expect(requestId).toBe(idOf(next))
  const used = await flow.act(requestId, await flow.code())
  expect(used.request?.state).toBe('applied')
  expect(await flow.carriedOut()).toBe(true)
}

/** Brings a flow to the step where the change is offered. */
async function prepared({ begin, offered }: Pick<Act, 'begin' | 'offered'>) {
  const flow = await begin()
  const requestId = offered === 'code' ? idOf(await flow.send()) : ''
  const code = requestId && (await flow.code())
  return {
    flow,
    act: () => flow.act(requestId, code),
    check: async () => flow.check?.(requestId, code),
  }
}

async function actMeets(kind: Act, row: Fault): Promise<void> {
  const { operation, offered, over, onceMore } = kind
  const { flow, act } = await prepared(kind)
  await flow.arm(row, operation)
  const seen = await watched(flow, kind, act)
  const { during, failed, answer, audit, next } = seen
  const calls = await flow.callsOf(operation)
  expect(calls).toHaveLength(1)
  expect(await flow.carriedOut()).toBe(row.done)
  expect(audit).toMatchObject({ outcome: row.outcome, code: row.upstreamCode ?? row.code })
  for (const view of views(seen)) {
    // Only an accepted answer shows a number as bound; a reconciled bind shows only that there is a phone.
    if (row.outcome !== 'accepted') {
      expect(view.request?.applyRequestId ?? null).toBeNull()
      if ('member' in view) expect(view.member.phoneMasked).toBeNull()
    }
    if (view.step === over || isBound(view)) expect(row.done).toBe(true)
    if (row.done) expect(view.request?.reconcileResult).not.toBe('not_done')
  }

  // A call in flight is not shown as blocked by its own effect. A slow read may find it already ended.
  if (during.request?.state === 'applying') expect(during.step).not.toBe('blocked')

  const requiresCode = offered === 'code'
  const asBefore = requiresCode
    ? { step: offered, request: { state: 'sent', attemptsLeft: 10 } }
    : { step: offered, request: null }
  if (row.outcome === 'accepted') {
    expect(answer).toMatchObject({ step: over, request: { state: 'applied' } })
    expect(answer?.request?.applyRequestId).toBe(calls[0]?.requestId)
    if (answer && 'member' in answer) expect(answer.member.phoneMasked).toBe('+65-****4567')
  } else if (row.outcome === 'refused') {
    expect(failed).toMatchObject({ code: row.code, kind: 'busy', executed: 'no' })
    expect(next).toMatchObject({ ...asBefore, refused: null })
    expect(await act()).toMatchObject({ step: over })
  } else {
    expect(answer).toMatchObject({ step: 'checking', request: { state: 'apply_unknown', attemptsLeft: 10 } })
    // Opening the page has already reconciled it.
    if (row.done) {
      expect(next).toMatchObject({ step: over, request: { state: 'applied', reconcileResult: 'done' } })
    } else {
      expect(next).toMatchObject({ step: 'checking', request: { reconcileResult: 'not_done' } })
      expect(await failure(act())).toMatchObject({ code: 'apply.outcome_unknown' })
      expect(await flow.callsOf(operation)).toHaveLength(1)
      // "Not done" is certain after the in-flight timeout; then the change can be repeated.
      flow.advance(conclusiveSeconds)
      expect(await flow.reconcile()).toMatchObject(
        requiresCode ? asBefore : { ...asBefore, refused: { what: 'not_done' } },
      )
      expect(await act()).toMatchObject({ step: over })
    }
  }
  expect(await failure(act())).toMatchObject({ code: onceMore })
  expect(await flow.callsOf(operation)).toHaveLength(row.done ? 1 : 2)
  expect(await flow.carriedOut()).toBe(true)
  expect(await flow.view()).toMatchObject({ step: over, request: { state: 'applied' } })
}

/** A check changes nothing: whatever happens to its answer, the code stays open. */
async function checkMeets(kind: RunCheck, row: Fault): Promise<void> {
  const { operation, act: of } = kind
  const { flow, act, check } = await prepared(of)
  await flow.arm(row, `${kind.product}/${operation}`)
  const { during, failed, audit, next } = await watched(flow, kind, check)
  expect(await flow.callsOf(operation)).toHaveLength(1)
  expect(audit).toMatchObject({ outcome: row.outcome, code: row.upstreamCode ?? row.code })
  if (row.code) expect(failed).toMatchObject({ code: row.code })
  else expect(failed).toBeNull()
  // The check may already have ended when it is read.
  expect(['trying', 'sent']).toContain(during.request?.state)
  expect(during).toMatchObject({ step: 'code', refused: null })
  const open = {
    step: 'code',
    refused: null,
    request: { state: 'sent', attemptsLeft: 10, reconcileResult: null },
  }
  expect(next).toMatchObject(open)
  flow.advance(conclusiveSeconds)
  expect(await flow.view()).toMatchObject(open)
  expect(await flow.carriedOut()).toBe(false)
  expect(await act()).toMatchObject({ step: of.over })
}

function isBound(seen: Seen): boolean {
  return 'member' in seen && seen.member.phone === 'bound'
}

async function reconcileMeets(kind: Act, { fault, code, calls, done }: ReconcileCase): Promise<void> {
  const { operation, reconciledBy, offered, over } = kind
  const { flow, act } = await prepared(kind)
  await flow.arm({ fault: 'reset', effect: done }, operation)
  await act()
  const armed = await flow.arm({ fault }, reconciledBy, 99)
  const before = await flow.callsOf(reconciledBy)

  if (code === null) {
    const reconciled = await flow.reconcile()
    expect(reconciled.request?.reconcileResult).toBe(done ? 'done' : 'not_done')
    expect(await flow.callsOf(reconciledBy)).toHaveLength(before.length + calls)
  } else {
    // A failure proves nothing, however late.
    flow.advance(inFlightTimeoutSeconds)
    expect(await failure(flow.reconcile())).toMatchObject({ code })
    expect(await flow.callsOf(reconciledBy)).toHaveLength(before.length + calls)
    // The page shows only that the outcome is unknown.
    const opening = flow.view()
    const failed = await failure(opening)
    if (failed) expect(failed).toMatchObject({ code })
    else {
      const seen = await opening
      expect(seen).toMatchObject({
        step: 'checking',
        request: { state: 'apply_unknown', applyRequestId: null, reconcileResult: null },
      })
      if ('member' in seen) expect(seen.member).toMatchObject({ phone: 'missing', phoneMasked: null })
    }
  }

  await flows.muster.sandbox.disarm(armed.id)
  flow.advance(done ? inFlightTimeoutSeconds : conclusiveSeconds)
  const reconciled = await flow.reconcile()
  if (done)
    expect(reconciled).toMatchObject({
      step: over,
      request: { applyRequestId: null, reconcileResult: 'done' },
    })
  else if (offered === 'code')
    expect(reconciled).toMatchObject({
      step: offered,
      request: { state: 'sent', reconcileResult: 'not_done' },
    })
  else expect(reconciled).toMatchObject({ step: offered, request: null, refused: { what: 'not_done' } })
  expect(await flow.callsOf(operation)).toHaveLength(1)
}

const reconciliations: readonly ReconcileCase[] = readFaults.flatMap((row) =>
  [true, false].map((done) => ({ ...row, done })),
)

/** Throttling slows down all calls of its account, so flows that share an account run their throttled cases separately. */
function sideBySide<T extends { fault: string }>({ begin }: Pick<Act, 'begin'>, rows: readonly T[]): T[] {
  return rows.filter((row) => begin !== newBinding || !isThrottle(row))
}

/**
 * One fault per possible outcome, for cases whose other faults are covered elsewhere: with the same operation, or on the other
 * database engine, for which the kind of network failure makes no difference.
 */
function representative<T extends { fault: string }>(rows: readonly T[]): T[] {
  return rows.filter(({ fault }) => ['throttle', 'unavailable', 'silent', 'slow:300'].includes(fault))
}

const otherEngineRunsAll = process.env.MUSTER_TEST_ENGINE === 'pglite'

describe('a throttled call was not carried out:', () => {
  const [send] = sends
  test.each(faults.filter(isThrottle))('a send', (row) => send && sendMeets(send, row))
  test.each(faults.filter(isThrottle))('a bind', (row) => actMeets(bind, row))
  test.each(reconciliations.filter(isThrottle))('a reconciliation; bound: $done', (row) =>
    reconcileMeets(bind, row),
  )
})

for (const send of sends) {
  describe.concurrent(`a send for ${send.name} that meets`, () => {
    const rows = otherEngineRunsAll ? representative(faults) : faults
    test.each(sideBySide(send, rows))(named, (row) => sendMeets(send, row))
  })
}

for (const kind of acts) {
  describe.concurrent(`${kind.name} that meets`, () => {
    const rows = otherEngineRunsAll || withoutCode.includes(kind) ? representative(faults) : faults
    test.each(sideBySide(kind, rows))(named, (row) => actMeets(kind, row))
  })
}

for (const kind of checks) {
  describe.concurrent(`${kind.name} that meets`, () => {
    test.each(representative(faults))(named, (row) => checkMeets(kind, row))
  })
}

for (const kind of [bind, ...withoutCode]) {
  describe.concurrent(`reconciliation of ${kind.name} of unknown outcome that meets`, () => {
    const rows =
      otherEngineRunsAll || withoutCode.includes(kind) ? representative(reconciliations) : reconciliations
    test.each(sideBySide(kind, rows))('$fault; done: $done', (row) => reconcileMeets(kind, row))
  })
}

test('a reconciliation that is cut off once is repeated and succeeds', async () => {
  const binding = await newBinding()
  await binding.arm({ fault: 'reset' }, 'GetAccount')
  expect(await binding.reconcile()).toMatchObject({ member: { phone: 'missing' } })
  expect(await binding.callsOf('GetAccount')).toHaveLength(2)
})
