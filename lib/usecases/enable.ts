import { type Cloud, CloudError, type Directory } from '@/lib/alicloud'
import { adoptDirectory, endAccountSessions } from '@/lib/auth'
import * as contract from '@/lib/contract/enable'
import { accountNameSuffix, bearsName } from '@/lib/contract/enable-mode'
import { AppError } from '@/lib/contract/errors'
import { ignoringFullStorage } from '@/lib/db'
import { closesStep, type LedgerView, type Subject } from '@/lib/ledger'
import type { Operator } from './actor'
import { applyOnce, applyWithoutCode, checkOnce, sendOnce } from './code-flow/acts'
import { discardRequest } from './code-flow/discard'
import { codeFlowOf } from './code-flow/view'
import { auditFinding, mutation, query } from './define'
import { WithEffect } from './effect'

const operation = 'enable_directory'

type EnableIntent = { mode: 'current' } | { mode: 'new'; namePrefix: string }

/**
 * The state of enabling a directory; reconciles a request of unknown outcome.
 * @throws CloudError if GetResourceDirectory is refused, or fails in any other way while no request is open
 */
export const getEnableFlow = query(contract.getEnableFlow, {
  access: 'session',
  refreshes: ['ledger', 'sessions'],
  run: async (actor) => flow(actor, await directoryOf(actor).catch((error) => noneWhileOpen(actor, error))),
})

/**
 * Sends a code to enable a directory with a new management account.
 * @throws AppError `input.invalid` for a phone without a name prefix; `directory.exists`; `directory.member_elsewhere`; the
 *   codes of `sendOnce`
 * @throws CloudError if GetResourceDirectory fails or the send is refused
 */
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

/**
 * Discards the open code.
 * @throws AppError `directory.exists`; `directory.member_elsewhere`; the codes of `discardRequest`
 * @throws CloudError if GetResourceDirectory fails
 */
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

/**
 * The dry run of enabling, with the current account or, given a code, with a new one.
 * @throws AppError `directory.exists`; `directory.member_elsewhere`; with a code also the codes of `checkOnce`
 * @throws CloudError if GetResourceDirectory or the dry run fails
 */
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
    return checkOnce<{ requestId: string }, NewAccount>(
      actor,
      note,
      { subject: subjectOf(actor), requestId, changed: namePrefix ? { namePrefix } : undefined },
      (facts) => actor.cloud.tryEnableDirectory(planOf(facts, code)),
    )
  },
})

/**
 * Enables a directory, with the current account or, given a code, with a new one.
 * @throws AppError `enable.confirmation_wrong`; `directory.exists`; `directory.member_elsewhere`; the codes of `applyOnce`
 *   with a code, of `applyWithoutCode` without one
 * @throws CloudError if GetResourceDirectory fails or enabling is refused
 */
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
        : await applyWithoutCode(actor, note, { subject, intent: { mode: 'current' } }, () =>
            actor.cloud.enableDirectory({ mode: 'current' }),
          )
    if (answer) await settleSessions(actor, answer.directory)
    return shown(actor, answer?.directory ?? null)
  },
})

/** Checks whether the account has a directory by now. @throws CloudError if GetResourceDirectory fails */
export const reconcileDirectory = mutation(contract.reconcileDirectory, {
  access: 'session',
  action: 'directory.look_up',
  target: (_, actor) => actor.accountId,
  async run(actor) {
    return shown(actor, await directoryOf(actor))
  },
})

/** The flow to return. If the account has become a member of a directory, all its sessions have ended, including this one. */
async function shown(actor: Operator, directory: Directory | null) {
  const state = await flow(actor, directory)
  if (!directory || !isMember(actor, directory)) return state
  return new WithEffect(state, { kind: 'endSession' })
}

/** A dry run proves the same permission as enabling: both are the same action in RAM. */
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
 * The answer settles a request of unknown outcome, and what the sessions of this account may do from now on.
 * @throws CloudError if GetResourceDirectory fails
 */
async function directoryOf(actor: Operator): Promise<Directory | null> {
  const { ledger } = actor.services
  const subject = subjectOf(actor)
  // The answer can only prove something about a request that existed before the call.
  const { current, reconcile } = await ledger.beginReconciliation(subject)
  const directory = await actor.cloud.directory()
  if (reconcile && current) {
    const found = foundOf(actor, current.intent as EnableIntent, directory)
    // An account has only one directory: if it is a different one, the requested one can no longer be created.
    const conclusive = reconcile.conclusive || directory !== null
    if (found) await ledger.recordReconciliation(subject, { ...reconcile, conclusive }, found)
  } else if (!directory && current) await ignoringFullStorage(ledger.undone(subject, current.id))
  if (!directory) return null
  // A call in flight settles the sessions with its own answer, or with the reconciliation if it gets none. Until then, no
  // other request may end the sessions that still have to be shown the outcome.
  if ((await ledger.view(subject)).current?.state !== 'applying')
    await ignoringFullStorage(settleSessions(actor, directory))
  return directory
}

/**
 * During an outage, an open request is still shown, with its step from the ledger. An operator who may not read the
 * directory gets the error instead.
 */
async function noneWhileOpen(actor: Operator, error: unknown): Promise<null> {
  const { current } = await actor.services.ledger.view(subjectOf(actor))
  if (error instanceof CloudError && error.kind !== 'refused' && current) return null
  throw error
}

/** @throws AppError `directory.exists` or `directory.member_elsewhere`. @throws CloudError if GetResourceDirectory fails */
async function refuseWithDirectory(actor: Operator): Promise<void> {
  const directory = await directoryOf(actor)
  if (directory)
    throw new AppError(isMember(actor, directory) ? 'directory.member_elsewhere' : 'directory.exists')
}

/**
 * Gives the account's sessions its directory; if another account manages that directory, ends them. Any read may be the
 * first to find this out, so it gets its own audit row.
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
 * Whether the directory is the requested one; null if that is unknown. If the account is a member, only the name of the
 * management account identifies the directory, and a directory with another name may have taken the account in meanwhile.
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
  // If a directory exists and the outcome is still unknown, further checks cannot settle it.
  if (current?.state === 'apply_unknown') return directory ? 'blocked' : 'checking'
  if (current?.state === 'applying') return current.requiresCode ? 'code' : 'checking'
  if (directory || current?.state === 'newer') return 'blocked'
  return current ? 'code' : 'choose'
}

function subjectOf(actor: Operator): Subject {
  const { accountId } = actor
  return { accountId, operation, target: accountId }
}
