import { afterAll, beforeAll } from 'vitest'
import type { EnableFlow } from '@/lib/contract/enable'
import type { EnableMode } from '@/lib/contract/enable-mode'
import type { ErrorCode } from '@/lib/contract/errors'
import type { AttachFlow } from '@/lib/contract/networks'
import type { BindFlow } from '@/lib/contract/phone'
import { createLedger } from '@/lib/ledger'
import type { FaultOrder, Persona } from '@/lib/sandbox'
import type { Operator } from './actor'
import { enableDirectory, getEnableFlow, reconcileDirectory, sendEnableCode, tryEnable } from './enable'
import { refreshMembers } from './members'
import {
  attachNetwork,
  checkCen,
  detachNetwork,
  getAttachFlow,
  reconcileNetwork,
  sendCenCode,
} from './networks'
import { createOutcomes } from './outcomes'
import { bindPhone, getBindFlow, reconcilePhone, sendCode } from './phone'
import { signInAsPersona } from './sign-in/sign-in'
import { startTestConsole, type TestConsole, tokenOf } from './testing'

export const inFlightTimeoutSeconds = 60
/** After this time "not done" is conclusive in every flow. Networks take the longest to show a change. */
export const conclusiveSeconds = 601
export const cooldownSeconds = 60
const phone = '65-91234567'
export const sendOperation = 'SendVerificationCodeForBindSecureMobilePhone'
const bindOperation = 'BindSecureMobilePhone'

export interface Fault {
  fault: string
  effect?: boolean
  /** Whether the operation was carried out. */
  done: boolean
  /** The outcome that the console may show for a change. */
  outcome: 'accepted' | 'refused' | 'unknown'
  /** Our code of the failure. The audit prefers the vendor's. */
  code: ErrorCode | null
  upstreamCode?: string
}

export const lost = { outcome: 'unknown', code: 'cloud.silent' } as const
export const unreadable = { outcome: 'unknown', code: 'cloud.not_understood' } as const

export const faults: readonly Fault[] = [
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
  // Within the deadline, and far past it.
  { fault: 'slow:300', done: true, outcome: 'accepted', code: null },
  { fault: 'slow:60000', done: true, ...lost },
]

/** Reads have no effect. One that is cut off is repeated once. */
export const readFaults = faults
  .filter(({ effect }) => effect !== true)
  .map(({ fault, code }) => ({ fault, code, calls: fault === 'reset' ? 2 : 1 }))

export function isThrottle({ fault }: { fault: string }): boolean {
  return fault === 'throttle'
}

export type Seen = BindFlow | EnableFlow | AttachFlow

/** A flow that no other case touches, in a console whose ledger has its own clock. */
export interface Flow {
  /** Account and target of the audit rows. */
  accountId: string
  target: string
  view(): Promise<Seen>
  send(confirmResend?: boolean): Promise<Seen>
  /** The newest code that arrived. */
  code(): Promise<string>
  /** Makes the change, with a code if it requires one. */
  act(requestId: string, code: string): Promise<Seen>
  /** Checks with the code whether the change would succeed, if there is such a check. */
  check?(requestId: string, code: string): Promise<unknown>
  reconcile(): Promise<Seen>
  /** Whether Alibaba Cloud has carried out the change, according to its own state. */
  carriedOut(): Promise<boolean>
  callsOf(operation: string): ReturnType<TestConsole['sandbox']['calls']>
  arm(
    row: Pick<Fault, 'fault' | 'effect'>,
    operation: string,
    times?: number,
  ): ReturnType<TestConsole['sandbox']['arm']>
  advance(seconds: number): void
}

/** A send: its flow, and the step where that starts. */
export interface Send {
  name: string
  operation: string
  action: string
  begin(): Promise<Flow>
  from: string
}

/** A change: the step that offers it, and the step after it has started or is done. */
export interface Act {
  name: string
  operation: string
  /** The operation that reconciles an unknown outcome. */
  reconciledBy: string
  action: string
  begin(): Promise<Flow>
  offered: string
  over: string
  /** The error when it is requested again. */
  onceMore: ErrorCode
}

/** A check with a code, before the change it is for. */
export interface RunCheck {
  name: string
  product: string
  operation: string
  action: string
  act: Act
}

/** For tests only: a console for the tests of one file, with every flow. */
export function flowsOfTests() {
  let muster: TestConsole
  /** Has already passed the access check, so that only the list tests call ListAccounts. */
  let wei: Operator

  beforeAll(async () => {
    muster = await startTestConsole(
      {
        MUSTER_CALL_DEADLINE_SECONDS: '2',
        MUSTER_SETTLE_SECONDS: String(inFlightTimeoutSeconds),
        MUSTER_COOLDOWN_SECONDS: String(cooldownSeconds),
      },
      // Started changes do not complete during a test.
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

  /** The bind flow of a new member. */
  async function newBinding(): Promise<Flow> {
    const { actor, advance } = withOwnClock(wei)
    const memberId = await muster.newMember()
    return {
      accountId: wei.accountId,
      target: memberId,
      view: () => getBindFlow.run(actor, { memberId }),
      send: (confirmResend = false) => sendCode.run(actor, { memberId, phone, confirmResend }),
      code: () => newestCode(memberId),
      act: (requestId, code) => bindPhone.run(actor, { memberId, requestId, code }),
      reconcile: () => reconcilePhone.run(actor, { memberId }),
      carriedOut: async () => (await muster.sandbox.member(memberId)).securePhone !== undefined,
      callsOf: (operation) => muster.sandbox.calls({ operation, target: memberId }),
      arm: (row, operation, times = 1) => arm(row, { operation, times, match: { accountId: memberId } }),
      advance,
    }
  }

  /** An operator of a new company of their own. */
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
      const requiresCode = mode === 'new'
      const namePrefix = `ma-${accountId}`
      return {
        ...company,
        accountId,
        target: accountId,
        view: () => getEnableFlow.run(actor, {}),
        send: (confirmResend = false) => sendEnableCode.run(actor, { namePrefix, phone, confirmResend }),
        code: () => newestCode(accountId),
        act: (requestId, code) =>
          enableDirectory.run(actor, { ...(requiresCode && { requestId, code }), confirmation: accountId }),
        check: (requestId, code) => tryEnable.run(actor, { requestId, code }),
        reconcile: () => reconcileDirectory.run(actor, {}),
        async carriedOut() {
          const directory = await actor.cloud.directory()
          return directory !== null && (directory.managementAccountId !== accountId) === requiresCode
        },
      }
    }
  }

  /** A network to attach to the company's own CEN or another company's, or to detach from its own. */
  function newJoining(what: 'own' | 'crossAccount' | 'detach') {
    return async (): Promise<Flow> => {
      const { accountId, actor, cenId: ownCen, ...company } = await newCompany()
      const owner = what === 'crossAccount' ? await muster.sandbox.addAccount('international') : null
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
        send: (confirmResend = false) => sendCenCode.run(actor, { ...at, ...cen, confirmResend }),
        code: () => newestCode(owner?.account.id ?? ''),
        act: (requestId, code) =>
          what === 'detach'
            ? detachNetwork.run(actor, { ...at, cenId })
            : attachNetwork.run(actor, { ...at, ...(owner ? { requestId, code } : { cenId }) }),
        check: (requestId, code) => checkCen.run(actor, { ...at, requestId, code }),
        reconcile: () => reconcileNetwork.run(actor, at),
        async carriedOut() {
          const network = await muster.sandbox.network(networkId)
          return what === 'detach' ? network.attachStatus !== 'attached' : network.cenId === cenId
        },
      }
    }
  }

  const sends: readonly Send[] = [
    {
      name: 'a bind',
      operation: sendOperation,
      action: 'phone.send_code',
      begin: newBinding,
      from: 'number',
    },
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
      begin: newJoining('crossAccount'),
      from: 'choose',
    },
  ]

  const bind: Act = {
    name: 'a bind',
    operation: bindOperation,
    reconciledBy: 'GetAccount',
    action: 'phone.bind',
    begin: newBinding,
    offered: 'code',
    over: 'done',
    onceMore: 'code.request_closed',
  }
  const enabling = {
    operation: 'EnableResourceDirectory',
    reconciledBy: 'GetResourceDirectory',
    action: 'directory.enable',
    over: 'done',
  } as const
  const attaching = {
    operation: 'AttachCen',
    reconciledBy: 'DescribeOfficeSites',
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
  const attachingCrossAccount: Act = {
    ...attaching,
    name: 'attaching to another account’s CEN',
    begin: newJoining('crossAccount'),
    offered: 'code',
    onceMore: 'network.not_ready',
  }
  const acts: readonly Act[] = [
    bind,
    enablingCurrent,
    enablingNew,
    attachingOwn,
    attachingCrossAccount,
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

  const checks: readonly RunCheck[] = [
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
      act: attachingCrossAccount,
    },
  ]

  return {
    get muster() {
      return muster
    },
    signedIn,
    arm,
    newBinding,
    sends,
    acts,
    checks,
    bind,
    withoutCode: [enablingCurrent, attachingOwn],
  }
}
