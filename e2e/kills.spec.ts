import { type FaultOrder, type SandboxControl, startSandbox } from '../lib/sandbox/index.ts'
import {
  type Caller,
  type Console,
  expect,
  serverTest,
  signedInCaller,
  startConsole,
  startOnServer,
} from './console'

const sendOperation = 'SendVerificationCodeForBindSecureMobilePhone'
const bindOperation = 'BindSecureMobilePhone'
const phone = '65-91234567'

/** How long an unanswered call counts as in flight before it becomes unknown; the sandbox's clock moves past it. */
const inFlightTimeoutSeconds = 60

/**
 * How far a call has got when the process is killed. `begun`: recorded in the ledger and waiting for its turn.
 * `arrived`: received by the cloud. `answered`: the operator has the answer. `done`: whether the cloud carried it out.
 */
interface Moment {
  faults: Pick<FaultOrder, 'fault' | 'effect'>[]
  seen: 'begun' | 'arrived' | 'answered'
  done: boolean
}

/** Set it higher for statistics: `MUSTER_TEST_KILLS=3 npm run e2e -- kills` */
const killsPerMoment = Number(process.env.MUSTER_TEST_KILLS ?? 1)

const moments: readonly Moment[] = [
  // A throttled call makes the next one wait for a second; if that one gets through nevertheless, it is held.
  {
    faults: [{ fault: 'throttle' }, { fault: 'silent', effect: false }],
    seen: 'begun',
    done: false,
  },
  { faults: [{ fault: 'silent', effect: false }], seen: 'arrived', done: false },
  { faults: [{ fault: 'slow:60000' }], seen: 'arrived', done: true },
  // The answer is on its way: the kill decides whether it is recorded in time.
  { faults: [], seen: 'arrived', done: true },
  { faults: [], seen: 'answered', done: true },
]

const engines = ['pglite', 'postgres'] as const

interface Flow {
  step: string
  request: {
    id: string
    state: string
    sendOutcome: string | null
    attemptsLeft: number
    applyRequestId: string | null
    reconcileResult: string | null
  } | null
}

/** A console that can be killed and restarted with the same data, an external emulator, and a signed-in operator. */
class KillableConsole {
  readonly engine: (typeof engines)[number]
  readonly caller: Caller
  #console: Console

  constructor(engine: (typeof engines)[number], muster: Console, caller: Caller) {
    this.engine = engine
    this.#console = muster
    this.caller = caller
  }

  get cloud() {
    return this.#console.sandbox
  }

  get process() {
    return this.#console
  }

  async killAndRestart(): Promise<void> {
    await this.#console.stop('SIGKILL')
    this.#console = await this.#console.restart()
  }
}

const test = serverTest.extend<{ engine: (typeof engines)[number]; killable: KillableConsole }>({
  engine: ['pglite', { option: true }],
  killable: async ({ engine }, use) => {
    // Attaching and detaching do not finish during a test.
    const assumptions = { attachSeconds: 86_400, detachSeconds: 86_400 }
    const emulator = await startSandbox({ port: 0, assumptions })
    const settings = {
      MUSTER_SANDBOX_URL: emulator.url,
      MUSTER_CALL_DEADLINE_SECONDS: '30',
      MUSTER_SETTLE_SECONDS: String(inFlightTimeoutSeconds),
      MUSTER_COOLDOWN_REFUSED_SECONDS: '0',
    }
    const onServer = engine === 'postgres' ? await startOnServer(settings) : undefined
    const muster = onServer?.muster ?? (await startConsole(settings))
    const killable = new KillableConsole(engine, muster, await signedInCaller(muster.origin, 'intl-admin'))
    await use(killable)
    await killable.process.stop()
    muster.removeData()
    await onServer?.end()
    await emulator.close()
  },
})

/** What a kill needs from any flow. */
interface Watched {
  view(): Promise<Flow>
  callsOf(operation: string): ReturnType<SandboxControl['calls']>
  arm(fault: Moment['faults'][number], operation: string): Promise<unknown>
}

/** The bind flow of one member, requested as pages do. */
async function newBinding({ caller, cloud }: KillableConsole) {
  const [id = ''] = await cloud.addMembers('international', [{}])
  const path = `/api/members/${id}/phone`
  const view = async (): Promise<Flow> => (await caller.get(path)).json()
  // Read once, so that later only the operation itself calls the cloud.
  expect((await view()).step).toBe('number')
  return {
    view,
    send: (more = {}) => caller.post(`${path}/code`, { phone, ...more }),
    bind: (requestId: string, code: string) => caller.post(path, { requestId, code }),
    reconcile: async (): Promise<Flow> => (await caller.post(`${path}/reconcile`)).json(),
    callsOf: (operation: string) => cloud.calls({ operation, target: id }),
    arm: (fault: Moment['faults'][number], operation: string) =>
      cloud.arm({ operation, ...fault, match: { accountId: id } }),
    code: () => newestCode(cloud, id),
    hasPhone: async () => (await cloud.member(id)).securePhone !== undefined,
  }
}

type Answer = Awaited<ReturnType<Caller['post']>>

async function flowOf(answer: Answer): Promise<Flow> {
  expect(answer.status()).toBe(200)
  return answer.json()
}

async function codeOf(answer: Answer): Promise<string> {
  return (await answer.json()).error.code
}

async function requestOf(binding: Watched) {
  const { request } = await binding.view()
  if (!request) throw new Error('no request')
  return request
}

/** Starts an operation, kills the console at the given moment and restarts it. @returns how often the cloud was called */
async function killedWhile(
  killable: KillableConsole,
  flow: Watched,
  moment: Moment,
  { operation, state, run }: { operation: string; state: string; run: () => Promise<Answer> },
): Promise<number> {
  for (const fault of moment.faults) await flow.arm(fault, operation)
  const throttled = moment.seen === 'begun'
  if (throttled) expect((await run()).status()).toBe(503)
  const before = await flow.callsOf(operation)
  const acting = run()
  // It is cut off with the console.
  const ended = acting.catch(() => null)
  const often = { intervals: [10], timeout: 30_000 }
  if (moment.seen === 'begun') {
    await expect.poll(async () => (await flow.view()).request?.state, often).toBe(state)
  } else if (moment.seen === 'arrived') {
    await expect.poll(() => flow.callsOf(operation), often).toHaveLength(before.length + 1)
  } else {
    expect((await acting).status()).toBe(200)
  }
  await killable.killAndRestart()
  await ended
  await killable.cloud.disarmAll()
  return (await flow.callsOf(operation)).length
}

/**
 * Moves past the in-flight timeout, and past the ten minutes in which a network may still show the change. Only a console
 * with a database of its own knows at once that no call is in flight any more.
 */
async function passInFlightTimeout({ cloud }: KillableConsole): Promise<void> {
  await cloud.advance(601)
}

async function killedWhileSending(killable: KillableConsole, moment: Moment): Promise<void> {
  const binding = await newBinding(killable)
  const { send } = binding
  const calls = await killedWhile(killable, binding, moment, {
    operation: sendOperation,
    state: 'sending',
    run: send,
  })
  expect(calls).toBeLessThanOrEqual(1 + (moment.seen === 'begun' ? 1 : 0))

  const found = await requestOf(binding)
  const recorded = found.sendOutcome === 'accepted'
  if (moment.seen === 'answered') expect(recorded).toBe(true)
  if (moment.faults.length > 0) expect(recorded).toBe(false)
  if (!recorded) {
    if (killable.engine === 'postgres') {
      expect(found.state).toBe('sending')
      expect(await codeOf(await send({ confirmResend: true }))).toBe('send.in_progress')
      await passInFlightTimeout(killable)
    }
    expect(await requestOf(binding)).toMatchObject({
      id: found.id,
      state: 'unknown',
      sendOutcome: 'unknown',
    })
  }
  await killable.cloud.advance(60)
  if (!moment.done) {
    expect(await codeOf(await send())).toBe('send.outcome_unknown')
    expect(await binding.callsOf(sendOperation)).toHaveLength(calls)
    expect((await flowOf(await send({ confirmResend: true }))).request?.sendOutcome).toBe('accepted')
  }
  // Never repeated automatically, and a code that arrived is valid.
  expect(await binding.callsOf(sendOperation)).toHaveLength(moment.done ? calls : calls + 1)
  const { id } = await requestOf(binding)
  expect(await flowOf(await binding.bind(id, await binding.code()))).toMatchObject({ step: 'done' })
  expect(await binding.hasPhone()).toBe(true)
}

async function killedWhileBinding(killable: KillableConsole, moment: Moment): Promise<void> {
  const binding = await newBinding(killable)
  await flowOf(await binding.send())
  const { id } = await requestOf(binding)
  const code = await binding.code()
  const bind = () => binding.bind(id, code)
  const calls = await killedWhile(killable, binding, moment, {
    operation: bindOperation,
    state: 'applying',
    run: bind,
  })
  expect(calls).toBeLessThanOrEqual(1 + (moment.seen === 'begun' ? 1 : 0))
  expect(await binding.hasPhone()).toBe(moment.done)

  // Viewing the flow reconciles automatically once the outcome counts as unknown.
  const found = await binding.view()
  const accepted = found.request?.applyRequestId ?? null
  if (moment.seen === 'answered') expect(accepted).not.toBeNull()
  if (moment.faults.length > 0) expect(accepted).toBeNull()
  if (accepted) {
    expect(found.step).toBe('done')
    expect((await binding.callsOf(bindOperation))[0]?.requestId).toBe(accepted)
  } else {
    if (killable.engine === 'postgres') {
      expect(found).toMatchObject({ step: 'code', request: { state: 'applying' } })
      expect(await codeOf(await bind())).toBe('apply.in_progress')
    } else if (!moment.done) {
      expect(found).toMatchObject({ step: 'checking', request: { reconcileResult: 'not_done' } })
      expect(await codeOf(await bind())).toBe('apply.outcome_unknown')
    }
    if (killable.engine === 'postgres' || !moment.done) await passInFlightTimeout(killable)
    const reconciled = await binding.reconcile()
    expect(reconciled).toMatchObject(
      moment.done
        ? { step: 'done', request: { id, applyRequestId: null, reconcileResult: 'done' } }
        : { step: 'code', request: { id, state: 'sent', reconcileResult: 'not_done' } },
    )
  }
  expect(await binding.callsOf(bindOperation)).toHaveLength(calls)
  // The same code can be used again only if the bind did not use it.
  if (moment.done) expect(await codeOf(await bind())).toBe('code.request_closed')
  else expect(await flowOf(await bind())).toMatchObject({ step: 'done' })
  expect(await binding.callsOf(bindOperation)).toHaveLength(moment.done ? calls : calls + 1)
  expect(await binding.hasPhone()).toBe(true)
}

/** An operation of a flow other than binding: the step that offers it, and the step once it has begun or is over. */
interface Act {
  operation: string
  offered: string
  over: string
  /** The error code when it is requested once more. */
  whenRepeated: RegExp
  begin(killable: KillableConsole): Promise<
    Watched & {
      act(): Promise<Answer>
      /** Checks whether it would succeed; only for operations with a code. */
      check(): Promise<Answer>
      reconcile(): Promise<Flow>
      carriedOut(): Promise<boolean>
    }
  >
}

/** A caller from a company that no other test uses. */
async function newCompany({ cloud, process: { origin } }: KillableConsole) {
  const { account, persona, cenId } = await cloud.addAccount('international')
  const match = { caller: persona.userName ?? '' }
  const caller = await signedInCaller(origin, persona.id)
  return {
    account,
    cenId,
    caller,
    callsOf: (operation: string) => cloud.calls({ operation, ...match }),
    arm: (fault: Moment['faults'][number], operation: string) => cloud.arm({ operation, ...fault, match }),
  }
}

async function newestCode(cloud: SandboxControl, accountId: string): Promise<string> {
  const [newest] = await cloud.messages({ accountId })
  if (!newest) throw new Error('no message')
  return newest.code
}

function enabling(mode: 'current' | 'new'): Act {
  return {
    operation: 'EnableResourceDirectory',
    offered: mode === 'new' ? 'code' : 'choose',
    over: 'done',
    whenRepeated: mode === 'new' ? /^signin\.(ended|required)$/ : /^directory\.exists$/,
    async begin(killable) {
      const { account, caller, ...company } = await newCompany(killable)
      const path = '/api/directory/enable'
      const namePrefix = `ma-${account.id}`
      const sent = mode === 'new' && (await flowOf(await caller.post(`${path}/code`, { namePrefix })))
      const withCode = sent && {
        requestId: sent.request?.id,
        code: await newestCode(killable.cloud, account.id),
      }
      return {
        ...company,
        view: async () => (await caller.get(path)).json(),
        act: () => caller.post(path, { ...withCode, confirmation: account.id }),
        check: () => caller.post(`${path}/dry-run`, withCode || {}),
        reconcile: async () => (await caller.post(`${path}/reconcile`)).json(),
        async carriedOut() {
          if (mode === 'current') return (await killable.cloud.account(account.id)).directoryId !== null
          return (await killable.cloud.personas()).some(({ id }) => id === `ma-${namePrefix}`)
        },
      }
    },
  }
}

function joining(act: 'attach' | 'detach'): Act {
  return {
    operation: act === 'attach' ? 'AttachCen' : 'DetachCen',
    offered: act === 'attach' ? 'code' : 'done',
    over: 'waiting',
    whenRepeated: act === 'attach' ? /^network\.(not_ready|attached)$/ : /^network\.(not_ready|changed)$/,
    async begin(killable) {
      const { cloud } = killable
      const { account, cenId, caller, ...company } = await newCompany(killable)
      const region = 'ap-southeast-1'
      const order = act === 'detach' ? { cenId } : {}
      const [networkId = ''] = await cloud.addNetworks({ accountId: account.id }, [order], region)
      const path = `/api/networks/${region}/${networkId}`
      const owner = await cloud.addAccount('international')
      const crossAccount = { cenId: owner.cenId, ownerId: owner.account.id }
      const sent = act === 'attach' && (await flowOf(await caller.post(`${path}/code`, crossAccount)))
      const withCode = sent && {
        requestId: sent.request?.id,
        code: await newestCode(cloud, owner.account.id),
      }
      return {
        ...company,
        view: async () => (await caller.get(path)).json(),
        act: () => caller.post(`${path}/${act}`, withCode || { cenId }),
        check: () => caller.post(`${path}/check`, withCode || { cenId }),
        reconcile: async () => (await caller.post(`${path}/reconcile`)).json(),
        async carriedOut() {
          const network = await cloud.network(networkId)
          return act === 'attach' ? network.cenId === owner.cenId : network.attachStatus !== 'attached'
        },
      }
    },
  }
}

async function killedWhileActing(killable: KillableConsole, kind: Act, moment: Moment): Promise<void> {
  const { operation, offered, over, whenRepeated } = kind
  const flow = await kind.begin(killable)
  const { act } = flow
  const calls = await killedWhile(killable, flow, moment, { operation, state: 'applying', run: act })
  expect(calls).toBe(1)
  expect(await flow.carriedOut()).toBe(moment.done)

  const found = await flow.view()
  const accepted = found.request?.applyRequestId ?? null
  if (moment.seen === 'answered') {
    expect(found).toMatchObject({ step: over, request: { state: 'applied' } })
    expect((await flow.callsOf(operation))[0]?.requestId).toBe(accepted)
  } else {
    expect(accepted).toBeNull()
    if (killable.engine === 'postgres') {
      expect(found).toMatchObject({ request: { state: 'applying' } })
      if (!moment.done) expect(await codeOf(await act())).toBe('apply.in_progress')
    } else if (!moment.done) {
      expect(found).toMatchObject({ step: 'checking', request: { reconcileResult: 'not_done' } })
      expect(await codeOf(await act())).toBe('apply.outcome_unknown')
    }
    if (killable.engine === 'postgres' || !moment.done) await passInFlightTimeout(killable)
    const reconciled = killable.engine === 'pglite' && moment.done ? found : await flow.reconcile()
    if (moment.done)
      expect(reconciled).toMatchObject({
        step: over,
        request: { applyRequestId: null, reconcileResult: 'done' },
      })
    else
      expect(reconciled).toMatchObject({
        step: offered,
        request: offered === 'code' ? { state: 'sent' } : null,
      })
  }
  expect(await flow.callsOf(operation)).toHaveLength(1)
  if (!moment.done) expect(await flowOf(await act())).toMatchObject({ step: over })
  // An operator whose account has become a member of another account's directory is signed out.
  expect(await codeOf(await act())).toMatch(whenRepeated)
  expect(await flow.callsOf(operation)).toHaveLength(moment.done ? 1 : 2)
  expect(await flow.carriedOut()).toBe(true)
}

/** A check changes nothing: after a kill the code is open again, and no unknown outcome is shown. */
async function killedWhileChecking(killable: KillableConsole, kind: Act, operation: string): Promise<void> {
  const flow = await kind.begin(killable)
  const { act, check } = flow
  const run = { operation, state: 'trying', run: check }
  expect(await killedWhile(killable, flow, heldAndLost, run)).toBe(1)
  if (killable.engine === 'postgres') {
    expect(await flow.view()).toMatchObject({ step: 'code', request: { state: 'trying' } })
    for (const use of [act, check]) expect(await codeOf(await use())).toBe('check.in_progress')
    await passInFlightTimeout(killable)
  }
  expect(await flow.view()).toMatchObject({
    step: 'code',
    request: { state: 'sent', attemptsLeft: 10, reconcileResult: null },
  })
  expect(await flow.carriedOut()).toBe(false)
  await flowOf(await check())
  expect(await flow.callsOf(operation)).toHaveLength(2)
  expect(await flowOf(await act())).toMatchObject({ step: kind.over })
}

const heldAndDone: Moment = { faults: [{ fault: 'silent', effect: true }], seen: 'arrived', done: true }
const heldAndLost: Moment = { faults: [{ fault: 'silent', effect: false }], seen: 'arrived', done: false }
const answered: Moment = { faults: [], seen: 'answered', done: true }

/** Which operation is killed when: together the engines cover each operation, and each moment in both kinds of flow. */
const others: Record<(typeof engines)[number], readonly [string, Act, Moment][]> = {
  pglite: [
    ['enabling with the current account, held and carried out', enabling('current'), heldAndDone],
    ['enabling with a new account, held and lost', enabling('new'), heldAndLost],
    ['detaching, held and lost', joining('detach'), heldAndLost],
  ],
  postgres: [
    ['enabling with a new account, held and carried out', enabling('new'), heldAndDone],
    ['attaching, held and carried out', joining('attach'), heldAndDone],
    ['attaching, answered', joining('attach'), answered],
  ],
}

const checks: Record<(typeof engines)[number], readonly [string, Act, string]> = {
  pglite: ['a dry run of enabling', enabling('new'), 'EnableResourceDirectory'],
  postgres: ['a check of another account’s CEN', joining('attach'), 'VerifyCen'],
}

const acts = { sending: killedWhileSending, binding: killedWhileBinding }

/** A PostgreSQL server keeps the data itself, so one moment shows that the console finds everything again. */
const momentsOn = { pglite: moments, postgres: [heldAndDone] }

// Each kill and restart takes a second or two, which adds up.
test.describe.configure({ timeout: 300_000 })

for (const engine of engines) {
  test.describe(`a console on ${engine}`, () => {
    test.use({ engine })
    for (const [act, killed] of Object.entries(acts)) {
      test(`killed repeatedly while ${act}, it neither repeats the call nor claims an outcome it does not know`, async ({
        killable,
      }) => {
        for (const moment of momentsOn[engine]) {
          for (let kill = 0; kill < killsPerMoment; kill++) await killed(killable, moment)
        }
      })
    }
    test('killed in the other flows, it neither repeats the call nor claims an outcome it does not know', async ({
      killable,
    }) => {
      for (const [name, act, moment] of others[engine]) {
        await test.step(name, () => killedWhileActing(killable, act, moment))
      }
    })
    const [check, act, operation] = checks[engine]
    test(`killed during ${check}, it has used no attempt, and shows no outcome`, async ({ killable }) => {
      await killedWhileChecking(killable, act, operation)
    })
  })
}
