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

// Each case has a member or a company of its own and waits for real deadlines: side by side they take seconds.
vi.setConfig({ maxConcurrency: 14 })

// Many of these run at once, on a machine that may do much else.
const patience = { timeout: 120_000 }

const flows = flowsOfTests()
const { sends, acts, checks, bind, withoutCode, newBinding } = flows

const named = '$fault, carried out: $done'

/** A look-up of an act that did or did not take effect. */
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

/** Everything the console says of one call: while it is with the cloud, as its answer, and to who looks next. */
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
  // An answer nobody understood is no proof that the code went out, nor that it did not.
  const told = row.outcome === 'refused' ? null : row.outcome
  if (during.request?.state === 'sending') expect(during).toMatchObject({ step: 'code', refused: null })
  // Only for a bind is it told how long a code lives.
  const life = told === 'accepted' && operation === sendOperation ? expect.any(Number) : null
  for (const view of views(seen).filter(({ request }) => request?.state !== 'sending')) {
    expect(view.request?.sendOutcome ?? null).toBe(told)
    // That it was too fast was true of that moment only.
    expect(view.refused).toBe(null)
    expect(view.request?.secondsLeft ?? null).toEqual(life)
    expect(view).toMatchObject({ step: told ? 'code' : from, sentToday: told ? 1 : 0 })
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
  // The code that arrived is the one that counts, whatever was known of its send.
  expect(await callsOf(operation)).toHaveLength(row.done ? 1 : 2)
  const requestId = idOf(await view())
  if (row.done) expect(requestId).toBe(idOf(next))
  const used = await flow.act(requestId, await flow.code())
  expect(used.request?.state).toBe('applied')
  expect(await flow.carriedOut()).toBe(true)
}

/** Brings a flow to where the act is offered. */
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
    // "Bound to this number" is said of an accepted answer only, "has a phone" of one that is there.
    if (row.outcome !== 'accepted') {
      expect(view.request?.applyRequestId ?? null).toBeNull()
      if ('member' in view) expect(view.member.phoneMasked).toBeNull()
    }
    if (view.step === over || isBound(view)) expect(row.done).toBe(true)
    if (row.done) expect(view.request?.reconcileResult).not.toBe('not_done')
  }

  // Whoever looks while it is under way is not told of an obstacle that it has just made. A slow look may find it ended.
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
    // Opening the page has looked already.
    if (row.done) {
      expect(next).toMatchObject({ step: over, request: { state: 'applied', reconcileResult: 'done' } })
    } else {
      expect(next).toMatchObject({ step: 'checking', request: { reconcileResult: 'not_done' } })
      expect(await failure(act())).toMatchObject({ code: 'apply.outcome_unknown' })
      expect(await flow.callsOf(operation)).toHaveLength(1)
      // "Not done" comes with the settle time, and then the same may be done again.
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

/** Nothing is done by asking whether it would be: whatever becomes of the answer, the code is open as before. */
async function checkMeets(kind: RunCheck, row: Fault): Promise<void> {
  const { operation, act: of } = kind
  const { flow, act, check } = await prepared(of)
  await flow.arm(row, `${kind.product}/${operation}`)
  const { during, failed, audit, next } = await watched(flow, kind, check)
  expect(await flow.callsOf(operation)).toHaveLength(1)
  expect(audit).toMatchObject({ outcome: row.outcome, code: row.upstreamCode ?? row.code })
  if (row.code) expect(failed).toMatchObject({ code: row.code })
  else expect(failed).toBeNull()
  // Its answer may be there before anybody looks.
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
  const { operation, looksUpBy, offered, over } = kind
  const { flow, act } = await prepared(kind)
  await flow.arm({ fault: 'reset', effect: done }, operation)
  await act()
  const armed = await flow.arm({ fault }, looksUpBy, 99)
  const before = await flow.callsOf(looksUpBy)

  if (code === null) {
    const looked = await flow.reconcile()
    expect(looked.request?.reconcileResult).toBe(done ? 'done' : 'not_done')
    expect(await flow.callsOf(looksUpBy)).toHaveLength(before.length + calls)
  } else {
    // However late it fails.
    flow.advance(inFlightTimeoutSeconds)
    expect(await failure(flow.reconcile())).toMatchObject({ code })
    expect(await flow.callsOf(looksUpBy)).toHaveLength(before.length + calls)
    // Whoever opens the page meanwhile is told no more than that nobody knows.
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
  const looked = await flow.reconcile()
  if (done)
    expect(looked).toMatchObject({ step: over, request: { applyRequestId: null, reconcileResult: 'done' } })
  else if (offered === 'code')
    expect(looked).toMatchObject({ step: offered, request: { state: 'sent', reconcileResult: 'not_done' } })
  else expect(looked).toMatchObject({ step: offered, request: null, refused: { what: 'not_done' } })
  expect(await flow.callsOf(operation)).toHaveLength(1)
}

const reconciliations: readonly ReconcileCase[] = readFaults.flatMap((row) =>
  [true, false].map((done) => ({ ...row, done })),
)

/** A call that came too fast holds back everybody of its account: those of a shared one have it to themselves. */
function sideBySide<T extends { fault: string }>({ begin }: Pick<Act, 'begin'>, rows: readonly T[]): T[] {
  return rows.filter((row) => begin !== newBinding || !isThrottle(row))
}

/**
 * One fault for each thing that can be said of an outcome, where another case meets all of them: with the same operation, or
 * on the other engine, to which the ways of the wire make no difference.
 */
function telling<T extends { fault: string }>(rows: readonly T[]): T[] {
  return rows.filter(({ fault }) => ['throttle', 'unavailable', 'silent', 'slow:300'].includes(fault))
}

const otherEngineMeetsAll = process.env.MUSTER_TEST_ENGINE === 'pglite'

describe('a throttled call was not carried out:', () => {
  const [send] = sends
  test.each(faults.filter(isThrottle))('a send', (row) => send && sendMeets(send, row))
  test.each(faults.filter(isThrottle))('a bind', (row) => actMeets(bind, row))
  test.each(reconciliations.filter(isThrottle))('a look-up; bound: $done', (row) => reconcileMeets(bind, row))
})

for (const send of sends) {
  describe.concurrent(`a send for ${send.name} that meets`, () => {
    const rows = otherEngineMeetsAll ? telling(faults) : faults
    test.each(sideBySide(send, rows))(named, (row) => sendMeets(send, row))
  })
}

for (const kind of acts) {
  describe.concurrent(`${kind.name} that meets`, () => {
    const rows = otherEngineMeetsAll || withoutCode.includes(kind) ? telling(faults) : faults
    test.each(sideBySide(kind, rows))(named, (row) => actMeets(kind, row))
  })
}

for (const kind of checks) {
  describe.concurrent(`${kind.name} that meets`, () => {
    test.each(telling(faults))(named, (row) => checkMeets(kind, row))
  })
}

for (const kind of [bind, ...withoutCode]) {
  describe.concurrent(`a look-up of ${kind.name} of unknown outcome that meets`, () => {
    const rows =
      otherEngineMeetsAll || withoutCode.includes(kind) ? telling(reconciliations) : reconciliations
    test.each(sideBySide(kind, rows))('$fault; done: $done', (row) => reconcileMeets(kind, row))
  })
}

test('a look-up that is cut off once is repeated, and tells', async () => {
  const binding = await newBinding()
  await binding.arm({ fault: 'reset' }, 'GetAccount')
  expect(await binding.reconcile()).toMatchObject({ member: { phone: 'missing' } })
  expect(await binding.callsOf('GetAccount')).toHaveLength(2)
})
