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
/** What "not done" is believed after, in every flow: networks take the longest to show what was done. */
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
  /** What a change may be said to have come to, however the answer got lost. */
  outcome: 'accepted' | 'refused' | 'unknown'
  /** Our code of the failure; for the audit the vendor's goes before it. */
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
  // Within the deadline, and far beyond it.
  { fault: 'slow:300', done: true, outcome: 'accepted', code: null },
  { fault: 'slow:60000', done: true, ...lost },
]

/** Reads have no effect, and one that was cut off is repeated once. */
export const readFaults = faults
  .filter(({ effect }) => effect !== true)
  .map(({ fault, code }) => ({ fault, code, calls: fault === 'reset' ? 2 : 1 }))

export function isThrottle({ fault }: { fault: string }): boolean {
  return fault === 'throttle'
}

export type Seen = BindFlow | EnableFlow | AttachFlow

/** One flow that nothing else touches, in a console whose ledger has a clock of its own. */
export interface Flow {
  /** Whose the audit rows are, and what they are about. */
  accountId: string
  target: string
  view(): Promise<Seen>
  /** Null where no code is needed. */
  send(confirmResend?: boolean): Promise<Seen>
  /** The newest code that arrived. */
  code(): Promise<string>
  /** The act itself, with a code where one is needed. */
  act(requestId: string, code: string): Promise<Seen>
  /** Whether the act would succeed, where that can be asked with a code. */
  check?(requestId: string, code: string): Promise<unknown>
  reconcile(): Promise<Seen>
  /** Whether Alibaba Cloud carried the act out, as its own state says. */
  carriedOut(): Promise<boolean>
  callsOf(operation: string): ReturnType<TestConsole['sandbox']['calls']>
  arm(
    row: Pick<Fault, 'fault' | 'effect'>,
    operation: string,
    times?: number,
  ): ReturnType<TestConsole['sandbox']['arm']>
  advance(seconds: number): void
}

/** A code on its way: which flow, and where that begins. */
export interface Send {
  name: string
  operation: string
  action: string
  begin(): Promise<Flow>
  from: string
}

/** A change and how it is told: where it is offered, and where it has begun or is over. */
export interface Act {
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

/** A check with a code, before the act that it is of. */
export interface RunCheck {
  name: string
  product: string
  operation: string
  action: string
  act: Act
}

/** For tests only: a console for the tests of a file, and every flow in it. */
export function flowsOfTests() {
  let muster: TestConsole
  /** Known to be allowed to list, so that nothing here but the lists' own tests calls ListAccounts. */
  let wei: Operator

  beforeAll(async () => {
    muster = await startTestConsole(
      {
        MUSTER_CALL_DEADLINE_SECONDS: '2',
        MUSTER_SETTLE_SECONDS: String(inFlightTimeoutSeconds),
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
      begin: newJoining('foreign'),
      from: 'choose',
    },
  ]

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
  const attachingCrossAccount: Act = {
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
