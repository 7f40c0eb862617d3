import { count } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { listAudit } from '@/lib/audit'
import type { EnableFlow } from '@/lib/contract/enable'
import type { EnableMode } from '@/lib/contract/enable-mode'
import type { ErrorCode } from '@/lib/contract/errors'
import type { AttachFlow } from '@/lib/contract/networks'
import type { BindFlow } from '@/lib/contract/phone'
import { session } from '@/lib/db'
import { createLedger } from '@/lib/ledger'
import type { FaultOrder, Persona } from '@/lib/sandbox'
import type { Operator } from './actor'
import { enableDirectory, getEnableFlow, lookUpDirectory, sendEnableCode, tryEnable } from './enable'
import { listMembers, refreshMembers } from './members'
import { attachNetwork, checkCen, detachNetwork, getAttachFlow, lookUpNetwork, sendCenCode } from './networks'
import { createOutcomes } from './outcomes'
import { bindPhone, getBindFlow, lookUpPhone, sendCode } from './phone'
import { signInAsPersona } from './sign-in/sign-in'
import { failureOf, startTestConsole, type TestConsole, tokenOf } from './testing'

// Each case has a member or a company of its own and waits for real deadlines: side by side they take seconds.
vi.setConfig({ maxConcurrency: 14 })

const settleSeconds = 60
/** What "not done" is believed after, in every flow: networks take the longest to show what was done. */
const conclusiveSeconds = 601
const cooldownSeconds = 60
// Many of these run at once, on a machine that may do much else.
const patience = { timeout: 120_000 }
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

/** A look-up of an act that did or did not take effect. */
type LookUpCase = (typeof readFaults)[number] & { done: boolean }

let muster: TestConsole
/** Known to be allowed to list, so that nothing here but the lists' own tests calls ListAccounts. */
let wei: Operator

beforeAll(async () => {
  muster = await startTestConsole(
    {
      MUSTER_CALL_DEADLINE_SECONDS: '2',
      MUSTER_SETTLE_SECONDS: String(settleSeconds),
      MUSTER_COOLDOWN_SECONDS: String(cooldownSeconds),
    },
    // What has begun does not end while it is looked at.
    { attachSeconds: 86_400, detachSeconds: 86_400 },
  )
  const token = await signedIn('intl-admin')
  await refreshMembers.run(await muster.actorOf(token), {})
  wei = await muster.actorOf(token)
})
afterAll(() => muster.close())

async function signedIn(persona: Persona['id']): Promise<string> {
  return tokenOf(signInAsPersona.perform(muster.visitor(), { persona }))
}

function arm({ fault, effect }: Pick<Fault, 'fault' | 'effect'>, order: Omit<FaultOrder, 'fault'>) {
  return muster.sandbox.arm({ fault, ...(effect !== undefined && { effect }), ...order })
}

type Seen = BindFlow | EnableFlow | AttachFlow

/** One flow that nothing else touches, in a console whose ledger has a clock of its own. */
interface Flow {
  /** Whose the audit rows are, and what they are about. */
  accountId: string
  target: string
  view(): Promise<Seen>
  /** Null where no code is needed. */
  send(knowingly?: boolean): Promise<Seen>
  /** The newest code that arrived. */
  code(): Promise<string>
  /** The act itself, with a code where one is needed. */
  act(requestId: string, code: string): Promise<Seen>
  /** Whether the act would succeed, where that can be asked with a code. */
  trial?(requestId: string, code: string): Promise<unknown>
  lookUp(): Promise<Seen>
  /** Whether Alibaba Cloud carried the act out, as its own state says. */
  carriedOut(): Promise<boolean>
  callsOf(operation: string): ReturnType<TestConsole['sandbox']['calls']>
  arm(row: Pick<Fault, 'fault' | 'effect'>, operation: string, times?: number): ReturnType<typeof arm>
  advance(seconds: number): void
}

function withOwnClock(actor: Operator): { actor: Operator; advance: Flow['advance'] } {
  const { db, vault, config } = muster.services
  let offsetSeconds = 0
  const ledger = createLedger(db, vault, config, async () => offsetSeconds)
  const outcomes = createOutcomes({ db, ledger, vault, dataDir: null, report: () => {} })
  return {
    actor: { ...actor, services: { ...muster.services, ledger, outcomes } },
    advance(seconds) {
      offsetSeconds += seconds
    },
  }
}

async function newestCode(accountId: string): Promise<string> {
  const [newest] = await muster.sandbox.messages({ accountId })
  if (!newest) throw new Error('no message')
  return newest.code
}

/** The phone of a new member. */
async function newBinding(): Promise<Flow> {
  const { actor, advance } = withOwnClock(wei)
  const memberId = await muster.newMember()
  return {
    accountId: wei.accountId,
    target: memberId,
    view: () => getBindFlow.run(actor, { memberId }),
    send: (knowingly = false) => sendCode.run(actor, { memberId, phone, knowingly }),
    code: () => newestCode(memberId),
    act: (requestId, code) => bindPhone.run(actor, { memberId, requestId, code }),
    lookUp: () => lookUpPhone.run(actor, { memberId }),
    carriedOut: async () => (await muster.sandbox.member(memberId)).securePhone !== undefined,
    callsOf: (operation) => muster.sandbox.calls({ operation, target: memberId }),
    arm: (row, operation, times = 1) => arm(row, { operation, times, match: { accountId: memberId } }),
    advance,
  }
}

/** Somebody of a company of their own, which nothing was done in. */
async function newCompany() {
  const { account, persona, cenId } = await muster.sandbox.addAccount('international')
  const caller = persona.userName ?? ''
  return {
    accountId: account.id,
    cenId,
    ...withOwnClock(await muster.actorOf(await signedIn(persona.id))),
    callsOf: (operation: string) => muster.sandbox.calls({ operation, caller }),
    arm: (row: Pick<Fault, 'fault' | 'effect'>, operation: string, times = 1) =>
      arm(row, { operation, times, match: { caller } }),
  }
}

function newEnabling(mode: EnableMode) {
  return async (): Promise<Flow> => {
    const { accountId, actor, ...company } = await newCompany()
    const coded = mode === 'new'
    const namePrefix = `ma-${accountId}`
    return {
      ...company,
      accountId,
      target: accountId,
      view: () => getEnableFlow.run(actor, {}),
      send: (knowingly = false) => sendEnableCode.run(actor, { namePrefix, phone, knowingly }),
      code: () => newestCode(accountId),
      act: (requestId, code) =>
        enableDirectory.run(actor, { ...(coded && { requestId, code }), confirmation: accountId }),
      trial: (requestId, code) => tryEnable.run(actor, { requestId, code }),
      lookUp: () => lookUpDirectory.run(actor, {}),
      async carriedOut() {
        const directory = await actor.cloud.directory()
        return directory !== null && (directory.managementAccountId !== accountId) === coded
      },
    }
  }
}

/** A network that is attached to the company's own CEN or to another company's, or taken off its own. */
function newJoining(what: 'own' | 'foreign' | 'detach') {
  return async (): Promise<Flow> => {
    const { accountId, actor, cenId: ownCen, ...company } = await newCompany()
    const owner = what === 'foreign' ? await muster.sandbox.addAccount('international') : null
    const cen = { cenId: owner?.cenId ?? ownCen, ...(owner && { ownerId: owner.account.id }) }
    const { cenId } = cen
    const region = 'ap-southeast-1'
    const attached = what === 'detach' ? { cenId } : {}
    const [networkId = ''] = await muster.sandbox.addNetworks({ accountId }, [attached], region)
    const at = { region, networkId }
    return {
      ...company,
      accountId,
      target: networkId,
      view: () => getAttachFlow.run(actor, at),
      send: (knowingly = false) => sendCenCode.run(actor, { ...at, ...cen, knowingly }),
      code: () => newestCode(owner?.account.id ?? ''),
      act: (requestId, code) =>
        what === 'detach'
          ? detachNetwork.run(actor, { ...at, cenId })
          : attachNetwork.run(actor, { ...at, ...(owner ? { requestId, code } : { cenId }) }),
      trial: (requestId, code) => checkCen.run(actor, { ...at, requestId, code }),
      lookUp: () => lookUpNetwork.run(actor, at),
      async carriedOut() {
        const network = await muster.sandbox.network(networkId)
        return what === 'detach' ? network.attachStatus !== 'attached' : network.cenId === cenId
      },
    }
  }
}

/** A code on its way: which flow, and where that begins. */
interface Send {
  name: string
  operation: string
  action: string
  begin(): Promise<Flow>
  from: string
}

const sends: readonly Send[] = [
  { name: 'a bind', operation: sendOperation, action: 'phone.send_code', begin: newBinding, from: 'number' },
  {
    name: 'enabling',
    operation: 'SendVerificationCodeForEnableRD',
    action: 'directory.send_code',
    begin: newEnabling('new'),
    from: 'choose',
  },
  {
    name: 'joining',
    operation: 'SendVerifyCode',
    action: 'network.send_code',
    begin: newJoining('foreign'),
    from: 'choose',
  },
]

/** A change and how it is told: where it is offered, and where it has begun or is over. */
interface Act {
  name: string
  operation: string
  /** What tells its outcome when it did not tell itself. */
  looksUpBy: string
  action: string
  begin(): Promise<Flow>
  offered: string
  over: string
  /** What somebody is told who asks for it once more. */
  onceMore: ErrorCode
}

const bind: Act = {
  name: 'a bind',
  operation: bindOperation,
  looksUpBy: 'GetAccount',
  action: 'phone.bind',
  begin: newBinding,
  offered: 'code',
  over: 'done',
  onceMore: 'code.request_closed',
}
const enabling = {
  operation: 'EnableResourceDirectory',
  looksUpBy: 'GetResourceDirectory',
  action: 'directory.enable',
  over: 'done',
} as const
const attaching = {
  operation: 'AttachCen',
  looksUpBy: 'DescribeOfficeSites',
  action: 'network.attach',
  over: 'waiting',
} as const
const enablingCurrent: Act = {
  ...enabling,
  name: 'enabling with the current account',
  begin: newEnabling('current'),
  offered: 'choose',
  onceMore: 'directory.exists',
}
const attachingOwn: Act = {
  ...attaching,
  name: 'attaching to an own CEN',
  begin: newJoining('own'),
  offered: 'choose',
  onceMore: 'network.not_ready',
}
const enablingNew: Act = {
  ...enabling,
  name: 'enabling with a new account',
  begin: newEnabling('new'),
  offered: 'code',
  onceMore: 'directory.member_elsewhere',
}
const attachingForeign: Act = {
  ...attaching,
  name: 'attaching to another account’s CEN',
  begin: newJoining('foreign'),
  offered: 'code',
  onceMore: 'network.not_ready',
}
const acts: readonly Act[] = [
  bind,
  enablingCurrent,
  enablingNew,
  attachingOwn,
  attachingForeign,
  {
    ...attaching,
    name: 'detaching',
    operation: 'DetachCen',
    action: 'network.detach',
    begin: newJoining('detach'),
    offered: 'done',
    onceMore: 'network.not_ready',
  },
]

/** A check with a code, before the act that it is of. */
interface Trial {
  name: string
  product: string
  operation: string
  action: string
  act: Act
}

const trials: readonly Trial[] = [
  {
    name: 'a dry run of enabling',
    product: 'ResourceDirectoryMaster',
    operation: 'EnableResourceDirectory',
    action: 'directory.dry_run',
    act: enablingNew,
  },
  {
    name: 'a check of another account’s CEN',
    product: 'ecd',
    operation: 'VerifyCen',
    action: 'network.check',
    act: attachingForeign,
  },
]

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
  const { db } = muster.services
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
    trial: async () => flow.trial?.(requestId, code),
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
    if (row.done) expect(view.request?.lookupResult).not.toBe('not_done')
  }

  // Whoever looks while it is under way is not told of an obstacle that it has just made. A slow look may find it ended.
  if (during.request?.state === 'applying') expect(during.step).not.toBe('blocked')

  const coded = offered === 'code'
  const asBefore = coded
    ? { step: offered, request: { state: 'sent', triesLeft: 10 } }
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
    expect(answer).toMatchObject({ step: 'checking', request: { state: 'apply_unknown', triesLeft: 10 } })
    // Opening the page has looked already.
    if (row.done) {
      expect(next).toMatchObject({ step: over, request: { state: 'applied', lookupResult: 'done' } })
    } else {
      expect(next).toMatchObject({ step: 'checking', request: { lookupResult: 'not_done' } })
      expect(await failure(act())).toMatchObject({ code: 'apply.outcome_unknown' })
      expect(await flow.callsOf(operation)).toHaveLength(1)
      // "Not done" comes with the settle time, and then the same may be done again.
      flow.advance(conclusiveSeconds)
      expect(await flow.lookUp()).toMatchObject(
        coded ? asBefore : { ...asBefore, refused: { what: 'not_done' } },
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
async function trialMeets(kind: Trial, row: Fault): Promise<void> {
  const { operation, act: of } = kind
  const { flow, act, trial } = await prepared(of)
  await flow.arm(row, `${kind.product}/${operation}`)
  const { during, failed, audit, next } = await watched(flow, kind, trial)
  expect(await flow.callsOf(operation)).toHaveLength(1)
  expect(audit).toMatchObject({ outcome: row.outcome, code: row.upstreamCode ?? row.code })
  if (row.code) expect(failed).toMatchObject({ code: row.code })
  else expect(failed).toBeNull()
  // Its answer may be there before anybody looks.
  expect(['trying', 'sent']).toContain(during.request?.state)
  expect(during).toMatchObject({ step: 'code', refused: null })
  const open = { step: 'code', refused: null, request: { state: 'sent', triesLeft: 10, lookupResult: null } }
  expect(next).toMatchObject(open)
  flow.advance(conclusiveSeconds)
  expect(await flow.view()).toMatchObject(open)
  expect(await flow.carriedOut()).toBe(false)
  expect(await act()).toMatchObject({ step: of.over })
}

function isBound(seen: Seen): boolean {
  return 'member' in seen && seen.member.phone === 'bound'
}

async function lookUpMeets(kind: Act, { fault, code, calls, done }: LookUpCase): Promise<void> {
  const { operation, looksUpBy, offered, over } = kind
  const { flow, act } = await prepared(kind)
  await flow.arm({ fault: 'reset', effect: done }, operation)
  await act()
  const armed = await flow.arm({ fault }, looksUpBy, 99)
  const before = await flow.callsOf(looksUpBy)

  if (code === null) {
    const looked = await flow.lookUp()
    expect(looked.request?.lookupResult).toBe(done ? 'done' : 'not_done')
    expect(await flow.callsOf(looksUpBy)).toHaveLength(before.length + calls)
  } else {
    // However late it fails.
    flow.advance(settleSeconds)
    expect(await failure(flow.lookUp())).toMatchObject({ code })
    expect(await flow.callsOf(looksUpBy)).toHaveLength(before.length + calls)
    // Whoever opens the page meanwhile is told no more than that nobody knows.
    const opening = flow.view()
    const failed = await failure(opening)
    if (failed) expect(failed).toMatchObject({ code })
    else {
      const seen = await opening
      expect(seen).toMatchObject({
        step: 'checking',
        request: { state: 'apply_unknown', applyRequestId: null, lookupResult: null },
      })
      if ('member' in seen) expect(seen.member).toMatchObject({ phone: 'missing', phoneMasked: null })
    }
  }

  await muster.sandbox.disarm(armed.id)
  flow.advance(done ? settleSeconds : conclusiveSeconds)
  const looked = await flow.lookUp()
  if (done)
    expect(looked).toMatchObject({ step: over, request: { applyRequestId: null, lookupResult: 'done' } })
  else if (offered === 'code')
    expect(looked).toMatchObject({ step: offered, request: { state: 'sent', lookupResult: 'not_done' } })
  else expect(looked).toMatchObject({ step: offered, request: null, refused: { what: 'not_done' } })
  expect(await flow.callsOf(operation)).toHaveLength(1)
}

const named = '$fault, carried out: $done'
const lookUps: readonly LookUpCase[] = readFaults.flatMap((row) =>
  [true, false].map((done) => ({ ...row, done })),
)

function isThrottle({ fault }: { fault: string }): boolean {
  return fault === 'throttle'
}

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

const uncodedToo = [enablingCurrent, attachingOwn]
const otherEngineMeetsAll = process.env.MUSTER_TEST_ENGINE === 'pglite'

describe('a throttled call was not carried out:', () => {
  const [send] = sends
  test.each(faults.filter(isThrottle))('a send', (row) => send && sendMeets(send, row))
  test.each(faults.filter(isThrottle))('a bind', (row) => actMeets(bind, row))
  test.each(lookUps.filter(isThrottle))('a look-up; bound: $done', (row) => lookUpMeets(bind, row))
})

for (const send of sends) {
  describe.concurrent(`a send for ${send.name} that meets`, () => {
    const rows = otherEngineMeetsAll ? telling(faults) : faults
    test.each(sideBySide(send, rows))(named, (row) => sendMeets(send, row))
  })
}

for (const kind of acts) {
  describe.concurrent(`${kind.name} that meets`, () => {
    const rows = otherEngineMeetsAll || uncodedToo.includes(kind) ? telling(faults) : faults
    test.each(sideBySide(kind, rows))(named, (row) => actMeets(kind, row))
  })
}

for (const kind of trials) {
  describe.concurrent(`${kind.name} that meets`, () => {
    test.each(telling(faults))(named, (row) => trialMeets(kind, row))
  })
}

for (const kind of [bind, ...uncodedToo]) {
  describe.concurrent(`a look-up of ${kind.name} of unknown outcome that meets`, () => {
    const rows = otherEngineMeetsAll || uncodedToo.includes(kind) ? telling(lookUps) : lookUps
    test.each(sideBySide(kind, rows))('$fault; done: $done', (row) => lookUpMeets(kind, row))
  })
}

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
  let li: Operator

  beforeAll(async () => {
    amira = await signedIn('read-only')
    const token = await signedIn('china-admin')
    await refreshMembers.run(await muster.actorOf(token), {})
    li = await muster.actorOf(token)
  })

  const callsBy = (caller: string) => muster.sandbox.calls({ operation: 'ListAccounts', caller })
  const armFor = (caller: string, fault: string) =>
    arm({ fault }, { operation: 'ListAccounts', times: 99, match: { caller } })

  async function letsNobodyIn({ fault, code, calls }: (typeof readFaults)[number]) {
    const actor = await muster.actorOf(amira)
    // What was allowed is remembered for five minutes; here they are over.
    actor.session.mayList = false
    const before = await callsBy(checked)
    const { id } = await armFor(checked, fault)
    if (code) expect(await failureOf(listMembers, actor, { page: 1 })).toMatchObject({ code })
    else expect((await listMembers.run(actor, { page: 1 })).total).toBeGreaterThan(0)
    expect(await callsBy(checked)).toHaveLength(before.length + calls)
    await muster.sandbox.disarm(id)
    expect((await listMembers.run(actor, { page: 1 })).total).toBeGreaterThan(0)
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
    expect(list).toMatchObject({ counts, sync: null })
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

  async function sessionsNow() {
    const [row] = await muster.services.db.select({ total: count() }).from(session)
    return row?.total
  }
  /** An outage counts for its network: each fault comes from one of its own. */
  let networks = 0

  /** Three people sign in at once, each with the fault in another of the calls. */
  test.each(faults)(named, async (row) => {
    const sessions = await sessionsNow()
    networks += 1
    const address = `198.51.100.${networks}`
    await Promise.all(
      steps.map(async ({ operation, persona, caller }) => {
        // A read has no effect to begin with.
        if (row.effect && operation !== 'AssumeRole') return
        const repeated = row.fault === 'reset' && operation !== 'AssumeRole'
        const before = await muster.sandbox.calls({ operation, caller })
        const { id } = await arm(row, { operation, times: 99, match: { caller } })
        const visit = muster.visitor({ address })
        if (row.code) {
          const failure = await failureOf(signInAsPersona, visit, { persona })
          expect(failure).toMatchObject({ code: row.code, upstream: { operation } })
        } else {
          expect(await tokenOf(signInAsPersona.perform(visit, { persona }))).not.toBe('')
        }
        await muster.sandbox.disarm(id)
        const made = (await muster.sandbox.calls({ operation, caller })).slice(before.length)
        expect(made).toHaveLength(repeated ? 2 : 1)
      }),
    )
    if (row.code) expect(await sessionsNow()).toBe(sessions)
    // An outage is no wrong guess, and the next try is welcome.
    expect(await signedIn('china-admin')).not.toBe('')
  })
})
