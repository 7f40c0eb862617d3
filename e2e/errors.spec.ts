import type { APIResponse } from '@playwright/test'
import { canArrive, errorFacts } from '../lib/alicloud/error-facts.fixture.ts'
import { type ErrorFact, operationFacts } from '../lib/alicloud/operation-facts.fixture.ts'
import { type OperationName, operations } from '../lib/alicloud/operations.ts'
import type { ErrorBody, ErrorCode } from '../lib/contract/errors.ts'
import { findAction } from '../lib/sandbox/actions.ts'
import { personas } from '../lib/sandbox/index.ts'
import { documentedCodes } from '../lib/sandbox/wire-errors.ts'
import {
  type Caller,
  type Console,
  callerOf,
  expect,
  serverTest,
  signedInCaller,
  startConsole,
  whenNotBusy,
} from './console'
import { expectErrorText } from './error-text'
import { filled, networkAt } from './wire'

// Every documented code that can arrive, through the SDK and the routes, to the text that is shown.

const test = serverTest.extend<object, { muster: Console }>({
  muster: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture uses from this pattern
    async ({}, use) => {
      const muster = await startConsole({
        // No call hangs here, and a slow machine must not look as if one did.
        MUSTER_CALL_DEADLINE_SECONDS: '20',
        MUSTER_SETTLE_SECONDS: '60',
        MUSTER_COOLDOWN_REFUSED_SECONDS: '0',
        // So that each failed sign-in can come from a different address.
        MUSTER_TRUSTED_PROXIES: '1',
      })
      try {
        await use(muster)
      } finally {
        await muster.stop()
        muster.removeData()
      }
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})

test.describe.configure({ timeout: 180_000 })

type Row = (typeof operations)[OperationName] & { name: OperationName }

function rowOf(name: OperationName): Row {
  return { name, ...operations[name] }
}

/** The codes of an operation with the error each must become; a unit test ensures that none is missing. */
function factsOf({ name }: Row): [string, ErrorFact][] {
  return [...errorFacts(name)]
}

function armed(
  { operation, product }: Row,
  code: string,
  match?: { accountId: string } | { caller: string },
) {
  return { operation: `${product}/${operation}`, fault: `code:${code}`, ...(match && { match }) }
}

async function errorOf(reply: APIResponse): Promise<ErrorBody> {
  return ((await reply.json()) as { error: ErrorBody }).error
}

interface Answered {
  muster: Console
  row: Row
  code: string
  fact: ErrorFact
  reply: APIResponse
}

/** The upstream details, which are quoted to support, are those of the very call the emulator refused. */
async function expectUpstream(
  { muster, row: { operation, product }, code }: Omit<Answered, 'reply'>,
  error: ErrorBody,
) {
  expect(error.upstream, code).toMatchObject({ product, operation, code })
  const calls = await muster.sandbox.calls({ operation })
  const call = calls.find(({ requestId }) => requestId === error.upstream?.requestId)
  expect(call?.outcome, code).toBe(code)
}

/** For a call without a session, or one whose credentials are still valid. */
async function expectRefused(answered: Answered): Promise<ErrorBody> {
  const { code, fact, reply } = answered
  const error = await errorOf(reply)
  expect([code, reply.status(), error.code]).toEqual([code, fact.status, fact.ours])
  expect(error.fields, code).toEqual(fact.field && { [fact.field]: fact.ours })
  expect(error.upstream?.message !== undefined, code).toBe(fact.ours === 'cloud.refused')
  expect(reply.headers()['set-cookie'], code).toBeUndefined()
  await expectUpstream(answered, error)
  expectErrorText(error, fact.kind)
  return error
}

/** For a signed-in caller whose credentials Alibaba Cloud no longer accepts. */
async function expectSessionOver(caller: Caller, answered: Answered): Promise<void> {
  const { code, reply } = answered
  const error = await errorOf(reply)
  expect([code, reply.status(), error.code]).toEqual([code, 401, 'signin.ended'])
  expect(error.fields, code).toBeUndefined()
  await expectUpstream(answered, error)
  expectErrorText(error, 'session_over')
  // The reply cleared the cookie as well.
  expect((await errorOf(await caller.get('/api/session'))).code, code).toBe('signin.required')
}

/** Runs a few at a time, and then, one by one, those that make the console slow down for a second. */
async function eachCode<T extends readonly [string, ErrorFact]>(
  facts: readonly T[],
  run: (fact: T, index: number) => Promise<void>,
): Promise<void> {
  const all = facts.map((fact, index) => () => run(fact, index))
  const busy = (_: unknown, index: number) => facts[index]?.[1].kind === 'busy'
  const waiting = all.filter((one, index) => !busy(one, index))
  async function inTurn() {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next()
  }
  await Promise.all(Array.from({ length: 4 }, inTurn))
  for (const one of all.filter(busy)) await one()
}

function newMembers(muster: Console, count: number): Promise<string[]> {
  return muster.sandbox.addMembers(
    'international',
    Array.from({ length: count }, () => ({})),
  )
}

test.beforeEach(({ muster }) => muster.sandbox.disarmAll())

function sending(row: Row) {
  test('every code of a send', async ({ muster }) => {
    const shared = await signedInCaller(muster.origin, 'intl-admin')
    const facts = factsOf(row)
    const members = await newMembers(muster, facts.length)
    await eachCode(facts, async ([code, fact], index) => {
      const id = members[index] ?? ''
      const caller = fact.endsSession ? await signedInCaller(muster.origin, 'intl-admin') : shared
      await muster.sandbox.arm(armed(row, code, { accountId: id }))
      const reply = await caller.post(`/api/members/${id}/phone/code`, { phone: '65-91234567' })
      expect(await muster.sandbox.calls({ operation: row.operation, target: id }), code).toHaveLength(1)
      const answered = { muster, row, code, fact, reply }
      if (fact.kind === 'unknown') {
        expect([code, reply.status()]).toEqual([code, 200])
        expect(await reply.json(), code).toMatchObject({
          step: 'code',
          request: { state: 'unknown', sendOutcome: 'unknown', sendRequestId: null },
        })
      } else if (fact.endsSession) await expectSessionOver(caller, answered)
      else {
        await expectRefused(answered)
        expect(await (await caller.get(`/api/members/${id}/phone`)).json(), code).toMatchObject({
          step: 'number',
          request: null,
          sentToday: 0,
        })
      }
    })
  })
}

function binding(row: Row) {
  test('every code of a bind', async ({ muster }) => {
    const shared = await signedInCaller(muster.origin, 'intl-admin')
    const facts = factsOf(row)
    const members = await newMembers(muster, facts.length)
    await eachCode(facts, async ([code, fact], index) => {
      const id = members[index] ?? ''
      const caller = fact.endsSession ? await signedInCaller(muster.origin, 'intl-admin') : shared
      let requestId = ''
      // The emulator enforces the send limits, too.
      await expect(async () => {
        const sent = await caller.post(`/api/members/${id}/phone/code`, { phone: '65-91234567' })
        expect(sent.status()).toBe(200)
        requestId = (await sent.json()).request.id
      }).toPass()
      await muster.sandbox.arm(armed(row, code, { accountId: id }))
      const reply = await caller.post(`/api/members/${id}/phone`, { requestId, code: '004217' })
      expect(await muster.sandbox.calls({ operation: row.operation, target: id }), code).toHaveLength(1)
      // The lifetime of a bind code is known, so the console can rule out that it expired.
      const wrong = fact.ours === 'code.wrong_or_expired'
      const expected = wrong ? ({ ...fact, ours: 'code.incorrect' } as const) : fact
      const answered = { muster, row, code, fact: expected, reply }
      if (fact.kind === 'unknown') {
        expect([code, reply.status()]).toEqual([code, 200])
        expect(await reply.json(), code).toMatchObject({
          step: 'checking',
          request: { state: 'apply_unknown', applyRequestId: null },
        })
      } else if (fact.endsSession) await expectSessionOver(caller, answered)
      else {
        const error = await expectRefused(answered)
        expect(error.params?.attemptsLeft, code).toBe(wrong ? 9 : undefined)
      }
    })
  })
}

/** A call about one member. `isFound`: a code that is a valid result of the call, not a failure. */
function ofMember(
  ask: (caller: Caller, memberId: string) => Promise<APIResponse>,
  isFound?: { ours: ErrorCode; body: Record<string, unknown> },
): Walk {
  return (row) =>
    test(`every code of ${row.operation} about a member`, async ({ muster }) => {
      const shared = await signedInCaller(muster.origin, 'intl-admin')
      const facts = factsOf(row)
      const members = await newMembers(muster, facts.length)
      await eachCode(facts, async ([code, fact], index) => {
        const id = members[index] ?? ''
        const caller = fact.endsSession ? await signedInCaller(muster.origin, 'intl-admin') : shared
        // A member that the mirror does not have yet would be read first.
        expect((await caller.get(`/api/members/${id}`)).status()).toBe(200)
        await muster.sandbox.arm(armed(row, code, { accountId: id }))
        const reply = await ask(caller, id)
        const answered = { muster, row, code, fact, reply }
        if (fact.ours === isFound?.ours) {
          expect([code, reply.status()]).toEqual([code, 200])
          expect(await reply.json(), code).toMatchObject(isFound.body)
        } else if (fact.endsSession) await expectSessionOver(caller, answered)
        else await expectRefused(answered)
      })
    })
}

/** A call about the directory as a whole. */
function ofDirectory(path: string): Walk {
  return (row) =>
    test(`every code of ${row.operation} about the directory`, async ({ muster }) => {
      for (const [code, fact] of factsOf(row)) {
        const caller = await signedInCaller(muster.origin, 'intl-admin')
        await muster.sandbox.arm(armed(row, code))
        const reply = await caller.get(path)
        const answered = { muster, row, code, fact, reply }
        if (fact.endsSession) await expectSessionOver(caller, answered)
        else await expectRefused(answered)
      }
    })
}

function syncing(row: Row) {
  test(`every code of ${row.operation} during a directory sync`, async ({ muster }) => {
    const observer = await signedInCaller(muster.origin, 'intl-admin')
    const list = async () => (await observer.get('/api/members?page=1')).json()
    await expect.poll(async () => (await list()).readAt).not.toBeNull()
    await expect.poll(async () => (await list()).sync).toBeNull()
    // All busy codes cause the same wait of a second.
    const facts = factsOf(row).filter(([code, { kind }]) => kind !== 'busy' || code === 'Throttling')
    for (const [code, fact] of facts) {
      const caller = fact.endsSession ? await signedInCaller(muster.origin, 'intl-admin') : observer
      expect((await caller.get('/api/members?page=1')).status()).toBe(200)
      await muster.sandbox.arm(armed(row, code))
      const reply = await caller.post('/api/members/refresh')
      const answered = { muster, row, code, fact, reply }
      const { readError } = await list()
      if (fact.kind === 'busy' || fact.ours === 'directory.none') {
        expect([code, reply.status(), readError]).toEqual([code, 200, null])
      } else if (fact.endsSession) {
        await expectSessionOver(caller, answered)
        // One operator's credentials say nothing about the directory.
        expect(readError?.upstream.code, code).not.toBe(code)
      } else {
        const { code: ours, params, upstream } = await expectRefused(answered)
        expect(readError, code).toEqual(JSON.parse(JSON.stringify({ code: ours, params, upstream })))
      }
    }
  })
}

/** Each sign-in comes from a different address: failed sign-ins per address are limited. */
let visits = 0

function signingIn(row: Row) {
  test(`every code of ${row.operation} at sign-in`, async ({ muster }) => {
    const [admin] = personas
    if (!admin) throw new Error('no persona')
    const caller = await callerOf(muster.origin)
    for (const [code, fact] of factsOf(row)) {
      await muster.sandbox.arm(armed(row, code))
      visits += 1
      const reply = await whenNotBusy(() =>
        caller.request.post('/api/session', {
          headers: { 'content-type': 'application/json', 'x-forwarded-for': `2001:db8:0:${visits}::1` },
          data: {
            site: admin.site,
            accessKeyId: admin.keyId,
            accessKeySecret: admin.secret,
            ...(row.operation === 'AssumeRole' && { roleArn: admin.roleArn }),
          },
        }),
      )
      if (code === 'ResourceDirectoryNotInUse') {
        expect([code, reply.status(), await reply.json()]).toEqual([
          code,
          200,
          { operatorName: admin.userName, hasDirectory: false },
        ])
      } else if (code === 'InvalidParameter.DurationSeconds') {
        // The role allows no session as long as this console's, so the console requests a shorter one.
        expect([code, reply.status()]).toEqual([code, 200])
      } else await expectRefused({ muster, row, code, fact, reply })
    }
  })
}

/** A caller from a company that no other test uses, with an office network. */
async function newCompany(muster: Console) {
  const { account, persona, cenId } = await muster.sandbox.addAccount('international')
  const region = 'ap-southeast-1'
  const [networkId = ''] = await muster.sandbox.addNetworks({ accountId: account.id }, [{}], region)
  return {
    muster,
    accountId: account.id,
    cenId,
    networkId,
    networkPath: `/api/networks/${region}/${networkId}`,
    callerName: persona.userName ?? '',
    caller: await signedInCaller(muster.origin, persona.id),
  }
}
type Company = Awaited<ReturnType<typeof newCompany>>

/** Sends a code for an operation that requires one. @returns the ID of the request */
async function opened({ caller }: Company, path: string, body: object): Promise<string> {
  const sent = await caller.post(path, body)
  expect(sent.status()).toBe(200)
  return (await sent.json()).request.id
}

const crossAccountCen = { cenId: 'cen-7ku2w9xq4mz81hvt3e', ownerId: '9134520068812347' }
const sendEnabling = {
  path: '/api/directory/enable/code',
  body: { namePrefix: 'pilot', phone: '65-91234567' },
}

/** A call that a route makes, and how to trigger it. */
interface Route {
  ask(company: Company): Promise<() => Promise<APIResponse>>
  /** What the ledger records of it; absent for a read or a check. */
  recorded?: 'send' | 'use of a code' | 'change without a code'
  flow?(company: Company): string
}

const enableFlow = () => '/api/directory/enable'
const networkFlow = ({ networkPath }: Company) => networkPath

/** These close the request: no other code could succeed either. */
const closing = new Set<ErrorCode>([
  'directory.exists',
  'directory.member_elsewhere',
  'cen.owner_wrong',
  'cen.not_found',
])

/** The state of a flow after a call that did not, or may not have taken effect. */
function stateAfter(
  recorded: NonNullable<Route['recorded']>,
  { kind, ours }: ErrorFact,
): Record<string, unknown> {
  const unknown = kind === 'unknown'
  if (recorded === 'send') {
    return unknown
      ? { step: 'code', request: { state: 'unknown', sendOutcome: 'unknown', sendRequestId: null } }
      : { step: 'choose', request: null, sentToday: 0 }
  }
  if (unknown) return { step: 'checking', request: { state: 'apply_unknown', applyRequestId: null } }
  if (recorded === 'use of a code' && !closing.has(ours)) return { step: 'code', request: { state: 'sent' } }
  // Throttling applies only to that moment and is not stored.
  return { request: null, refused: kind === 'busy' ? null : { what: 'apply', error: { code: ours } } }
}

/**
 * The codes that the gateway can return for every operation are covered above, through send, bind and member reads.
 * Repeating their refusals here would prove nothing new, but busy and unknown calls leave a different state in each flow.
 */
const shared = (['sendBindCode', 'bindPhone', 'member'] as const).map(errorFacts)

function isShared(code: string): boolean {
  return shared.every((facts) => facts.has(code))
}

function asked({ ask, recorded, flow }: Route): Walk {
  return (row) =>
    test(`every specific code of ${row.product} ${row.operation}`, async ({ muster }) => {
      // Companies that a refusal left unchanged can be used again.
      const ready: { company: Company; asking: () => Promise<APIResponse> }[] = []
      async function begin() {
        const company = await newCompany(muster)
        return { company, asking: await ask(company) }
      }
      const facts = factsOf(row).filter(([code, { kind }]) => !isShared(code) || kind !== 'refused')
      await eachCode(facts, async ([code, fact]) => {
        const one = ready.pop() ?? (await begin())
        const { company, asking } = one
        const { caller, callerName } = company
        const callsOf = () => muster.sandbox.calls({ operation: row.operation, caller: callerName })
        const before = await callsOf()
        await muster.sandbox.arm(armed(row, code, { caller: callerName }))
        const reply = await asking()
        expect(await callsOf(), code).toHaveLength(before.length + 1)
        const answered = { muster, row, code, fact, reply }
        if (fact.endsSession) return expectSessionOver(caller, answered)
        const state = recorded && stateAfter(recorded, fact)
        if (state && fact.kind === 'unknown') {
          expect([code, reply.status()]).toEqual([code, 200])
          expect(await reply.json(), code).toMatchObject(state)
          return
        }
        const error = await expectRefused(answered)
        const costsAttempt = recorded === 'use of a code' && fact.ours === 'code.wrong_or_expired'
        expect(error.params?.attemptsLeft, code).toBe(costsAttempt ? 9 : undefined)
        if (state && flow) expect(await (await caller.get(flow(company))).json(), code).toMatchObject(state)
        if (!costsAttempt && !closing.has(fact.ours) && fact.kind === 'refused') ready.push(one)
      })
    })
}

function namingRegions(row: Row) {
  test('regions are listed by ID when any code keeps their names from being read', async ({ muster }) => {
    const company = await newCompany(muster)
    await eachCode(factsOf(row), async ([code, fact]) => {
      const { caller, callerName } = fact.endsSession ? await newCompany(muster) : company
      await muster.sandbox.arm(armed(row, code, { caller: callerName }))
      const reply = await caller.get('/api/regions?language=en')
      const answered = { muster, row, code, fact, reply }
      if (fact.endsSession) return expectSessionOver(caller, answered)
      expect([code, reply.status()]).toEqual([code, 200])
      const { regions } = await reply.json()
      expect(regions, code).toContainEqual({ id: 'eu-central-1', name: 'eu-central-1' })
    })
  })
}

type Walk = (row: Row) => void

/** A read behind a GET route that returns every code as its error. */
function reading(route: string): Walk {
  const at = (fill: Record<string, string>) => filled(route, /:(\w+)/g, fill).path
  if (route.includes(':memberId')) return ofMember((caller, memberId) => caller.get(at({ memberId })))
  if (!route.includes(':region')) return ofDirectory(route)
  return asked({
    ask:
      async ({ caller, networkId }) =>
      () =>
        caller.get(at(networkAt('ap-southeast-1', networkId))),
  })
}

/** How each operation that has no `route` in `operation-facts.fixture.ts` is made to fail. */
const walks: Partial<Record<OperationName, readonly [Walk, ...Walk[]]>> = {
  callerIdentity: [signingIn],
  assumeRole: [signingIn],
  directory: [signingIn, syncing],
  listFolders: [syncing],
  member: [
    ofMember((caller, id) => caller.post(`/api/members/${id}/phone/reconcile`), {
      ours: 'member.not_found',
      body: { step: 'blocked', blockedReason: 'gone' },
    }),
  ],
  sendBindCode: [sending],
  bindPhone: [binding],
  listRegions: [namingRegions],
  sendEnableCode: [
    asked({
      ask:
        async ({ caller }) =>
        () =>
          caller.post(sendEnabling.path, sendEnabling.body),
      recorded: 'send',
      flow: enableFlow,
    }),
  ],
  enableDirectory: [
    asked({
      async ask(company) {
        const requestId = await opened(company, sendEnabling.path, sendEnabling.body)
        const { caller, accountId } = company
        return () =>
          caller.post('/api/directory/enable', { requestId, code: '004217', confirmation: accountId })
      },
      recorded: 'use of a code',
      flow: enableFlow,
    }),
  ],
  tryEnableDirectory: [
    asked({
      ask:
        async ({ caller }) =>
        () =>
          caller.post('/api/directory/enable/dry-run'),
    }),
  ],
  sendCenCode: [
    asked({
      ask:
        async ({ caller, networkPath }) =>
        () =>
          caller.post(`${networkPath}/code`, crossAccountCen),
      recorded: 'send',
      flow: networkFlow,
    }),
  ],
  verifyCen: [
    asked({
      ask:
        async ({ caller, networkPath, cenId }) =>
        () =>
          caller.post(`${networkPath}/check`, { cenId }),
    }),
  ],
  attachCen: [
    asked({
      async ask(company) {
        const requestId = await opened(company, `${company.networkPath}/code`, crossAccountCen)
        return () => company.caller.post(`${company.networkPath}/attach`, { requestId, code: '004217' })
      },
      recorded: 'use of a code',
      flow: networkFlow,
    }),
  ],
  detachCen: [
    asked({
      async ask({ muster, caller, networkId, networkPath, cenId }) {
        await muster.sandbox.changeNetwork(networkId, { cenId })
        return () => caller.post(`${networkPath}/detach`, { cenId })
      },
      recorded: 'change without a code',
      flow: networkFlow,
    }),
  ],
}

for (const name of Object.keys(operations) as OperationName[]) {
  const { route } = operationFacts[name]
  const those = walks[name] ?? (route ? [reading(route)] : undefined)
  if (!those)
    throw new Error(
      `No test sends the codes of ${name}: give it a route in operation-facts.fixture.ts, or a walk here`,
    )
  for (const walk of those) walk(rowOf(name))
}

test('a parameter that Alibaba Cloud rejects is named in Alibaba Cloud’s own message', async ({ muster }) => {
  const caller = await signedInCaller(muster.origin, 'intl-admin')
  for (const [row, path] of [
    [rowOf('sendBindCode'), 'phone/code'],
    [rowOf('member'), 'phone/reconcile'],
  ] as const) {
    const action = findAction(row.product, row.operation)
    if (!action) throw new Error('not emulated')
    const known = errorFacts(row.name)
    const plain: ErrorFact = { ours: 'cloud.refused', status: 409, kind: 'refused' }
    const others = documentedCodes(action)
      .filter((code) => canArrive(code) && !known.has(code))
      .map((code) => [code, plain] as const)
    expect(others).toContainEqual(['InvalidAccountId', plain])
    const members = await newMembers(muster, others.length)
    await eachCode(others, async ([code, fact], index) => {
      const id = members[index] ?? ''
      expect((await caller.get(`/api/members/${id}`)).status()).toBe(200)
      await muster.sandbox.arm(armed(row, code, { accountId: id }))
      const reply = await caller.post(`/api/members/${id}/${path}`, {
        ...(row.kind === 'once' && { phone: '65-91234567' }),
      })
      const { upstream } = await expectRefused({ muster, row, code, fact, reply })
      expect(upstream?.message).toContain(code.replace(/^(Missing|Invalid)/, ''))
    })
  }
})
