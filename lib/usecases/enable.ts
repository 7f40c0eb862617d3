import { type Cloud, CloudError, type Directory } from '@/lib/alicloud'
import { adoptDirectory, endAccountSessions } from '@/lib/auth'
import * as contract from '@/lib/contract/enable'
import { accountNameSuffix, bearsName } from '@/lib/contract/enable-mode'
import { AppError } from '@/lib/contract/errors'
import { ignoringFullStorage } from '@/lib/db'
import { closesStep, type LedgerView, type Subject } from '@/lib/ledger'
import type { Operator } from './actor'
import { actOnce, applyOnce, sendOnce, tryOnce } from './code-flow/acts'
import { discardRequest } from './code-flow/discard'
import { codeFlowOf } from './code-flow/view'
import { auditFinding, mutation, query } from './define'
import { WithEffect } from './effect'

const operation = 'enable_directory'

type EnableIntent = { mode: 'current' } | { mode: 'new'; namePrefix: string }

export const getEnableFlow = query(contract.getEnableFlow, {
  access: 'session',
  refreshes: ['ledger', 'sessions'],
  run: async (actor) =>
    flow(actor, await directoryAround(actor).catch((error) => noneWhileOpen(actor, error))),
})

export const sendEnableCode = mutation(contract.sendEnableCode, {
  access: 'session',
  action: 'directory.send_code',
  target: (_, actor) => actor.accountId,
  async run(actor, { namePrefix, phone, ...shown }, note) {
    if (phone && !namePrefix) {
      throw new AppError('input.invalid', { fields: { namePrefix: 'namePrefix.empty' } })
    }
    await refuseWithDirectory(actor)
    await sendOnce<NewAccount>(
      actor,
      note,
      subjectOf(actor),
      {
        wanted: namePrefix ? { phone: phone ?? null, intent: { mode: 'new', namePrefix } } : null,
        ...shown,
      },
      ({ number }) => actor.cloud.sendEnableCode({ phone: number }),
    )
    return flow(actor, null)
  },
})

export const discardEnableCode = mutation(contract.discardEnableCode, {
  access: 'session',
  action: 'directory.discard_code',
  target: (_, actor) => actor.accountId,
  async run(actor, { requestId }) {
    await refuseWithDirectory(actor)
    await discardRequest(actor, { subject: subjectOf(actor), requestId }, discarding)
    return flow(actor, null)
  },
})

export const tryEnable = mutation(contract.tryEnable, {
  access: 'session',
  action: 'directory.dry_run',
  target: (_, actor) => actor.accountId,
  async run(actor, { requestId, code, namePrefix }, note) {
    await refuseWithDirectory(actor)
    if (!requestId || !code) {
      const answer = await actor.cloud.tryEnableDirectory({ mode: 'current' })
      note.upstreamRequestId = answer.requestId
      return answer
    }
    return tryOnce<{ requestId: string }, NewAccount>(
      actor,
      note,
      { subject: subjectOf(actor), requestId, changed: namePrefix ? { namePrefix } : undefined },
      (facts) => actor.cloud.tryEnableDirectory(planOf(facts, code)),
    )
  },
})

export const enableDirectory = mutation(contract.enableDirectory, {
  access: 'session',
  action: 'directory.enable',
  target: (_, actor) => actor.accountId,
  closes: (code, { requestId }) => closesStep(operation, code, requestId !== undefined),
  async run(actor, { requestId, code, namePrefix, confirmation }, note) {
    if (confirmation !== actor.accountId) {
      const wrong = 'enable.confirmation_wrong'
      throw new AppError(wrong, { fields: { confirmation: wrong } })
    }
    await refuseWithDirectory(actor)
    const subject = subjectOf(actor)
    const answer =
      requestId && code
        ? await applyOnce<EnableAnswer, NewAccount>(
            actor,
            note,
            { subject, requestId, changed: namePrefix ? { namePrefix } : undefined },
            (facts) => actor.cloud.enableDirectory(planOf(facts, code)),
          ).then((done) => done.answer)
        : await actOnce(actor, note, { subject, intent: { mode: 'current' } }, () =>
            actor.cloud.enableDirectory({ mode: 'current' }),
          )
    if (answer) await settleSessions(actor, answer.directory)
    return shown(actor, answer?.directory ?? null)
  },
})

export const reconcileDirectory = mutation(contract.reconcileDirectory, {
  access: 'session',
  action: 'directory.look_up',
  target: (_, actor) => actor.accountId,
  async run(actor) {
    return shown(actor, await directoryAround(actor))
  },
})

/** Where the account belongs to a directory by now, its sessions are over, this one too. */
async function shown(actor: Operator, directory: Directory | null) {
  const state = await flow(actor, directory)
  if (!directory || !isMember(actor, directory)) return state
  return new WithEffect(state, { kind: 'endSession' })
}

/** A dry run proves the same right as enabling: it is the same action for RAM. */
const discarding = {
  operations: ['sendEnableCode', 'enableDirectory', 'tryEnableDirectory'],
  what: 'code',
  of: operation,
} as const

type NewAccount = Extract<EnableIntent, { mode: 'new' }>
type EnableAnswer = Awaited<ReturnType<Cloud['enableDirectory']>>

function planOf({ number, intent }: { number: string | null; intent: NewAccount }, code: string) {
  const accountName = intent.namePrefix + accountNameSuffix
  return { mode: 'new', accountName, phone: number, code } as const
}

/**
 * Asks Alibaba Cloud, with this operator's own credentials, which directory the account owns or belongs to; null = none.
 * What is found settles an enabling of unknown outcome, and what the sessions of this account may do from now on.
 */
async function directoryAround(actor: Operator): Promise<Directory | null> {
  const { ledger } = actor.services
  const subject = subjectOf(actor)
  // What this answer may say something of is what was there before it was asked for.
  const { current, reconcile } = await ledger.beginReconciliation(subject)
  const directory = await actor.cloud.directory()
  if (reconcile && current) {
    const found = foundOf(actor, current.intent as EnableIntent, directory)
    // An account has one directory: where that is certainly another one, what was asked for cannot come any more.
    const conclusive = reconcile.conclusive || directory !== null
    if (found) await ledger.recordReconciliation(subject, { ...reconcile, conclusive }, found)
  } else if (!directory && current) await ignoringFullStorage(ledger.undone(subject, current.id))
  if (!directory) return null
  // What is still under way settles them with its own answer, or with the look-up that its silence leads to: whoever
  // looks meanwhile must not lose the sessions that the outcome is told to.
  if ((await ledger.view(subject)).current?.state !== 'applying')
    await ignoringFullStorage(settleSessions(actor, directory))
  return directory
}

/**
 * During an outage an open request is still shown: its step comes from the ledger. Who may not read the directory is shown
 * nothing of it.
 */
async function noneWhileOpen(actor: Operator, error: unknown): Promise<null> {
  const { current } = await actor.services.ledger.view(subjectOf(actor))
  if (error instanceof CloudError && error.kind !== 'refused' && current) return null
  throw error
}

async function refuseWithDirectory(actor: Operator): Promise<void> {
  const directory = await directoryAround(actor)
  if (directory)
    throw new AppError(isMember(actor, directory) ? 'directory.member_elsewhere' : 'directory.exists')
}

/**
 * The account manages its directory from now on, or another account does: then nobody of it works here any more. Whoever
 * looks may be the first to find it, so it has an audit row of its own.
 */
async function settleSessions(actor: Operator, { directoryId, ...directory }: Directory): Promise<void> {
  const { accountId: target } = actor
  const member = isMember(actor, directory)
  if (!member && actor.directoryId === directoryId) return
  await actor.services.db.transaction(async (tx) => {
    const sessions = member
      ? await endAccountSessions(tx, target)
      : await adoptDirectory(tx, target, directoryId)
    const action = member ? 'session.end_account' : 'session.adopt_directory'
    const { managementAccountId } = directory
    const detail = { directoryId, managementAccountId, sessions }
    if (sessions > 0) await auditFinding(tx, actor, { action, target, detail })
  })
}

/**
 * Whether the directory is the one that was asked for; null where that cannot be told: a member's directory has the name of
 * its management account alone to go by, and one of another name may have taken the account in meanwhile.
 */
function foundOf(
  actor: Operator,
  intent: EnableIntent,
  directory: Directory | null,
): 'done' | 'not_done' | null {
  if (!directory) return 'not_done'
  if (intent.mode === 'current') return isMember(actor, directory) ? 'not_done' : 'done'
  if (!isMember(actor, directory)) return 'not_done'
  return bearsName(directory.managementAccountName, intent.namePrefix) ? 'done' : null
}

function isMember(actor: Operator, { managementAccountId }: Pick<Directory, 'managementAccountId'>): boolean {
  return managementAccountId !== actor.accountId
}

async function flow(actor: Operator, directory: Directory | null): Promise<contract.EnableFlow> {
  const view = await actor.services.ledger.view(subjectOf(actor))
  const newer = view.current?.state === 'newer'
  const intent = newer ? undefined : (view.current?.intent as EnableIntent | undefined)
  return {
    ...(await codeFlowOf(actor, view, discarding)),
    step: stepOf(view, directory),
    blockedReason: directory
      ? isMember(actor, directory)
        ? 'member'
        : 'managing'
      : newer
        ? 'newer_version'
        : null,
    accountId: actor.accountId,
    intent: intent
      ? { mode: intent.mode, namePrefix: intent.mode === 'new' ? intent.namePrefix : null }
      : null,
    directory,
    accountToAllow: accountToAllow(actor, directory),
  }
}

function accountToAllow(actor: Operator, directory: Directory | null): string | null {
  const { accounts } = actor.services.config
  if (!accounts || !directory || accounts.includes(directory.managementAccountId)) return null
  return directory.managementAccountId
}

function stepOf({ current }: LedgerView, directory: Directory | null): contract.EnableFlow['step'] {
  if (current?.state === 'applied') return 'done'
  // Where a directory is there and leaves it unknown, no more looking tells.
  if (current?.state === 'apply_unknown') return directory ? 'blocked' : 'checking'
  if (current?.state === 'applying') return current.requiresCode ? 'code' : 'checking'
  if (directory || current?.state === 'newer') return 'blocked'
  return current ? 'code' : 'choose'
}

function subjectOf(actor: Operator): Subject {
  const { accountId } = actor
  return { accountId, operation, target: accountId }
}
