import type { APIResponse } from '@playwright/test'
import { canArrive, type ErrorFact, errorFacts } from '../lib/alicloud/error-facts.fixture.ts'
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
import { wordsOf } from './error-words'

// Every documented code that can arrive, through the SDK and the routes, to the words a person reads.

const test = serverTest.extend<object, { muster: Console }>({
  muster: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture uses from this pattern
    async ({}, use) => {
      const muster = await startConsole({
        // Nothing here is silent: a slow machine must not look like it.
        MUSTER_CALL_DEADLINE_SECONDS: '20',
        MUSTER_SETTLE_SECONDS: '60',
        MUSTER_COOLDOWN_REFUSED_SECONDS: '0',
        // So that each failed sign-in can come from an address of its own.
        MUSTER_TRUSTED_PROXIES: '1',
      })
      try {
        await use(muster)
      } finally {
        await muster.stop()
        muster.forget()
      }
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})

test.describe.configure({ timeout: 180_000 })

type Row = (typeof operations)[OperationName]

/** The codes of an operation with what each must become; that none is missing here, its unit test holds. */
function factsOf({ operation, product }: Row): [string, ErrorFact][] {
  return [...errorFacts(operation, product)]
}

function armed(
  { operation, product }: Row,
  code: string,
  match?: { accountId: string } | { caller: string },
) {
  return { operation: `${product}/${operation}`, fault: `code:${code}`, ...(match && { match }) }
}

/** Words for what was refused, what is busy and what nobody knows differ; a reading is never told as a change. */
function expectWords(error: ErrorBody, kind: ErrorFact['kind'] | 'session_over'): void {
  const english = wordsOf('en', error)
  const chinese = wordsOf('zh-CN', error)
  const said = `${english.cause} ${english.next}`
  const note = `${error.upstream?.operation} ${error.upstream?.code}: ${said} ${chinese.cause} ${chinese.next}`
  for (const text of [english.cause, english.next]) expect(text, note).toMatch(/^[A-Z][^{}?]{8,}\.$/)
  for (const text of [chinese.cause, chinese.next])
    expect(text, note).toMatch(/^[^{}?]*\p{Script=Han}[^{}?]*。$/u)
  expect(said, note).not.toMatch(/undefined|unknown|Settings/)
  const claimsNothingDone = /Nothing was changed|No code was sent|未做任何更改|未发送验证码/
  const doubts = /may have been carried out|Check the status|尚不确定|先确认当前状态/
  const both = `${said} ${chinese.cause} ${chinese.next}`
  if (kind === 'unknown') {
    expect(both, note).not.toMatch(claimsNothingDone)
    expect(both, note).not.toMatch(doubts)
    expect(english.next, note).toMatch(/^Try again/)
    expect(chinese.next, note).toMatch(/重试/)
  } else {
    expect(both, note).not.toMatch(doubts)
  }
  if (kind === 'busy') {
    expect(english.cause, note).toContain('not carried out')
    expect(english.next, note).toBe('Try again in 5 seconds.')
  }
  if (kind === 'session_over') expect(english.next, note).toMatch(/^Sign in again\./)
  if (error.code === 'cloud.permission') {
    for (const { cause } of [english, chinese]) expect(cause, note).toContain(String(error.params?.action))
  }
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

/** The upstream facts that a person quotes to support are those of the very call the emulator refused. */
async function expectUpstream(
  { muster, row: { operation, product }, code }: Omit<Answered, 'reply'>,
  error: ErrorBody,
) {
  expect(error.upstream, code).toMatchObject({ product, operation, code })
  const calls = await muster.sandbox.calls({ operation })
  const call = calls.find(({ requestId }) => requestId === error.upstream?.requestId)
  expect(call?.outcome, code).toBe(code)
}

/** Answers a call without a session, or one whose credentials are as good as before. */
async function expectRefused(answered: Answered): Promise<ErrorBody> {
  const { code, fact, reply } = answered
  const error = await errorOf(reply)
  expect([code, reply.status(), error.code]).toEqual([code, fact.status, fact.ours])
  expect(error.fields, code).toEqual(fact.field && { [fact.field]: fact.ours })
  expect(error.upstream?.message !== undefined, code).toBe(fact.ours === 'cloud.refused')
  expect(reply.headers()['set-cookie'], code).toBeUndefined()
  await expectUpstream(answered, error)
  expectWords(error, fact.kind)
  return error
}

/** Answers a signed-in caller whose credentials Alibaba Cloud does not take any more. */
async function expectSessionOver(caller: Caller, answered: Answered): Promise<void> {
  const { code, reply } = answered
  const error = await errorOf(reply)
  expect([code, reply.status(), error.code]).toEqual([code, 401, 'signin.ended'])
  expect(error.fields, code).toBeUndefined()
  await expectUpstream(answered, error)
  expectWords(error, 'session_over')
  // The reply took the cookie as well: nobody is known any more.
  expect((await errorOf(await caller.get('/api/session'))).code, code).toBe('signin.required')
}

/** Runs a few at a time, and last those that make the console slow down for a second, one after the other. */
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
      // The emulator keeps the limits of sending, too.
      await expect(async () => {
        const sent = await caller.post(`/api/members/${id}/phone/code`, { phone: '65-91234567' })
        expect(sent.status()).toBe(200)
        requestId = (await sent.json()).request.id
      }).toPass()
      await muster.sandbox.arm(armed(row, code, { accountId: id }))
      const reply = await caller.post(`/api/members/${id}/phone`, { requestId, code: '004217' })
      expect(await muster.sandbox.calls({ operation: row.operation, target: id }), code).toHaveLength(1)
      // The life of a code that is sent for a bind is known.
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

function lookingUp(row: Row) {
  test('every code of a look-up', async ({ muster }) => {
    const shared = await signedInCaller(muster.origin, 'intl-admin')
    const facts = factsOf(row)
    const members = await newMembers(muster, facts.length)
    await eachCode(facts, async ([code, fact], index) => {
      const id = members[index] ?? ''
      const caller = fact.endsSession ? await signedInCaller(muster.origin, 'intl-admin') : shared
      expect((await caller.get(`/api/members/${id}`)).status()).toBe(200)
      await muster.sandbox.arm(armed(row, code, { accountId: id }))
      const reply = await caller.post(`/api/members/${id}/phone/reconcile`)
      const answered = { muster, row, code, fact, reply }
      if (fact.ours === 'member.not_found') {
        // No failure: it is what was to be found out.
        expect([code, reply.status()]).toEqual([code, 200])
        expect(await reply.json(), code).toMatchObject({ step: 'blocked', blockedReason: 'gone' })
      } else if (fact.endsSession) await expectSessionOver(caller, answered)
      else await expectRefused(answered)
    })
  })
}

function listing(row: Row) {
  test('every code of the list that says whether an operator may see the directory', async ({ muster }) => {
    for (const [code, fact] of factsOf(row)) {
      const caller = await signedInCaller(muster.origin, 'intl-admin')
      await muster.sandbox.arm(armed(row, code))
      const reply = await caller.get('/api/members?page=1')
      const answered = { muster, row, code, fact, reply }
      if (fact.endsSession) await expectSessionOver(caller, answered)
      else await expectRefused(answered)
    }
  })
}

function syncing(row: Row) {
  test(`every code of ${row.operation} while the directory is read`, async ({ muster }) => {
    const witness = await signedInCaller(muster.origin, 'intl-admin')
    const list = async () => (await witness.get('/api/members?page=1')).json()
    await expect.poll(async () => (await list()).readAt).not.toBeNull()
    await expect.poll(async () => (await list()).sync).toBeNull()
    // All busy codes are waited for in the same way, for a second each.
    const facts = factsOf(row).filter(([code, { kind }]) => kind !== 'busy' || code === 'Throttling')
    for (const [code, fact] of facts) {
      const caller = fact.endsSession ? await signedInCaller(muster.origin, 'intl-admin') : witness
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

/** Each comes from an address of its own: failed sign-ins of one are limited. */
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
        // The role allows no session as long as this console's: a shorter one is asked for.
        expect([code, reply.status()]).toEqual([code, 200])
      } else await expectRefused({ muster, row, code, fact, reply })
    }
  })
}

/** Somebody of a company that nothing else happens in, and an office network of theirs. */
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

/** Opens a request with a code, where the act needs one. */
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

/** A call that a route makes, and how it comes about. */
interface Route {
  ask(company: Company): Promise<() => Promise<APIResponse>>
  /** What the ledger notes of it; absent for a read or a trial. */
  noted?: 'send' | 'use of a code' | 'act'
  flow?(company: Company): string
}

const enableFlow = () => '/api/directory/enable'
const networkFlow = ({ networkPath }: Company) => networkPath

/** After these a request is over: no other code could succeed either. */
const closing = new Set<ErrorCode>([
  'directory.exists',
  'directory.member_elsewhere',
  'cen.owner_wrong',
  'cen.not_found',
])

/** Where a flow stands after what did not, or may not have taken effect. */
function stateAfter(noted: NonNullable<Route['noted']>, { kind, ours }: ErrorFact): Record<string, unknown> {
  const unknown = kind === 'unknown'
  if (noted === 'send') {
    return unknown
      ? { step: 'code', request: { state: 'unknown', sendOutcome: 'unknown', sendRequestId: null } }
      : { step: 'choose', request: null, sentToday: 0 }
  }
  if (unknown) return { step: 'checking', request: { state: 'apply_unknown', applyRequestId: null } }
  if (noted === 'use of a code' && !closing.has(ours)) return { step: 'code', request: { state: 'sent' } }
  // Too many calls were true of that moment only.
  return { request: null, refused: kind === 'busy' ? null : { what: 'apply', error: { code: ours } } }
}

/**
 * What the gateway answers to every operation is walked above through send, bind and the readings; here a refusal of it
 * would only say the same again, while what is busy or unknown leaves something of each flow's own behind.
 */
const shared = [operations.sendBindCode, operations.bindPhone, operations.member].map(
  ({ operation, product }) => errorFacts(operation, product),
)

function isShared(code: string): boolean {
  return shared.every((facts) => facts.has(code))
}

function asked({ ask, noted, flow }: Route): Walk {
  return (row) =>
    test(`every code of its own of ${row.product} ${row.operation}`, async ({ muster }) => {
      // Whom a refusal left as they were may ask again.
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
        const state = noted && stateAfter(noted, fact)
        if (state && fact.kind === 'unknown') {
          expect([code, reply.status()]).toEqual([code, 200])
          expect(await reply.json(), code).toMatchObject(state)
          return
        }
        const error = await expectRefused(answered)
        const costsAttempt = noted === 'use of a code' && fact.ours === 'code.wrong_or_expired'
        expect(error.params?.attemptsLeft, code).toBe(costsAttempt ? 9 : undefined)
        if (state && flow) expect(await (await caller.get(flow(company))).json(), code).toMatchObject(state)
        if (!costsAttempt && !closing.has(fact.ours) && fact.kind === 'refused') ready.push(one)
      })
    })
}

function namingRegions(row: Row) {
  test('regions are chosen by their ids where no code lets their names be read', async ({ muster }) => {
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

/** How each operation of the console comes to be refused: one that is left out does not compile. */
const walks: Record<OperationName, readonly [Walk, ...Walk[]]> = {
  callerIdentity: [signingIn],
  assumeRole: [signingIn],
  directory: [signingIn, syncing],
  listMembers: [listing],
  listFolders: [syncing],
  member: [lookingUp],
  sendBindCode: [sending],
  bindPhone: [binding],
  listRegions: [namingRegions],
  sendEnableCode: [
    asked({
      ask:
        async ({ caller }) =>
        () =>
          caller.post(sendEnabling.path, sendEnabling.body),
      noted: 'send',
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
      noted: 'use of a code',
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
      noted: 'send',
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
      noted: 'use of a code',
      flow: networkFlow,
    }),
  ],
  detachCen: [
    asked({
      async ask({ muster, caller, networkId, networkPath, cenId }) {
        await muster.sandbox.changeNetwork(networkId, { cenId })
        return () => caller.post(`${networkPath}/detach`, { cenId })
      },
      noted: 'act',
      flow: networkFlow,
    }),
  ],
  listNetworks: [
    asked({
      ask:
        async ({ caller }) =>
        () =>
          caller.get('/api/networks/ap-southeast-1'),
    }),
  ],
  listCens: [
    asked({
      ask:
        async ({ caller }) =>
        () =>
          caller.get('/api/regions/ap-southeast-1/cens'),
    }),
  ],
}

for (const [name, those] of Object.entries(walks)) {
  for (const walk of those) walk(operations[name as OperationName])
}

test('a parameter that Alibaba Cloud does not take is named in its own words', async ({ muster }) => {
  const caller = await signedInCaller(muster.origin, 'intl-admin')
  for (const [row, path] of [
    [operations.sendBindCode, 'phone/code'],
    [operations.member, 'phone/reconcile'],
  ] as const) {
    const action = findAction(row.product, row.operation)
    if (!action) throw new Error('not emulated')
    const known = errorFacts(row.operation, row.product)
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
