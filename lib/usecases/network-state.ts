import type { OfficeNetwork } from '@/lib/alicloud'
import { AppError } from '@/lib/contract/errors'
import type * as contract from '@/lib/contract/networks'
import { ignoringFullStorage } from '@/lib/db'
import { type CodeRequest, policyOf, type Subject } from '@/lib/ledger'
import type { Operator } from './actor'

export const operation = 'join_network'

/** After this time, an accepted change that Alibaba Cloud does not report is shown as unknown. */
const overdueAfterSeconds = policyOf(operation).shownAfterSeconds

/**
 * `ownerId`: only when attaching to another account's CEN; requests with the same owner and CEN share a code. `heldBy`: only
 * when detaching, the owner of the CEN, if this console attached the network to it.
 */
type NetworkIntent = { act: 'attach' | 'detach'; cenId: string; ownerId?: string; heldBy?: string }
export type CrossAccountCen = NetworkIntent & { ownerId: string }

/**
 * Reads one network with this operator's own credentials and uses it to settle open ledger requests: those of unknown
 * outcome, and accepted changes that Alibaba Cloud carries out later.
 * @throws AppError `network.not_found`
 * @throws CloudError if DescribeOfficeSites fails
 */
export async function networkAt(
  actor: Operator,
  { region, networkId }: { region: string; networkId: string },
): Promise<OfficeNetwork> {
  const { ledger } = actor.services
  const subject = subjectOf(actor, { id: networkId })
  // The answer can only prove something about a request that existed before the call.
  const { current, reconcile } = await ledger.beginReconciliation(subject)
  const networks = await actor.cloud.listNetworks({ region, ids: [networkId] })
  const network = networks.find(({ id }) => id === networkId)
  if (!network) {
    // The network no longer exists: the change can have no effect, and no page will check again.
    if (reconcile) await ledger.recordReconciliation(subject, reconcile, 'gone')
    throw new AppError('network.not_found')
  }
  if (reconcile && current) {
    const done = hasStarted(current, network)
    await ledger.recordReconciliation(subject, reconcile, done ? 'done' : 'not_done')
    if (done) await settleApplied(actor, subject, current, network)
  } else if (current?.state === 'applied')
    await ignoringFullStorage(settleApplied(actor, subject, current, network))
  return network
}

export function intentOf({ intent }: CodeRequest): NetworkIntent {
  return intent as NetworkIntent
}

/** The owner of the CEN that the network is attached to, if this console attached it. */
export async function holderOf(
  actor: Operator,
  subject: Subject,
  cenId: string,
): Promise<{ heldBy?: string }> {
  const { current } = await actor.services.ledger.view(subject)
  if (current?.state !== 'applied') return {}
  const { act, ownerId, ...known } = intentOf(current)
  if (act !== 'attach' || known.cenId !== cenId) return {}
  return { heldBy: ownerId ?? actor.accountId }
}

/** The owner of the CEN of a request: null = this account, absent = unknown. */
export function ownerOf(
  actor: Operator,
  { act, ownerId, heldBy }: NetworkIntent,
): { ownerId?: string | null } {
  if (act === 'attach') return { ownerId: ownerId ?? null }
  if (heldBy === undefined) return {}
  return { ownerId: heldBy === actor.accountId ? null : heldBy }
}

/** Whether Alibaba Cloud has started to carry out the change. */
function hasStarted(request: CodeRequest, { cenId, attach }: OfficeNetwork): boolean {
  const intent = intentOf(request)
  return intent.act === 'attach' ? cenId === intent.cenId : cenId !== intent.cenId || attach !== 'attached'
}

/** Whether Alibaba Cloud reports the change as complete. */
function isComplete(request: CodeRequest, { cenId, attach }: OfficeNetwork): boolean {
  const intent = intentOf(request)
  return intent.act === 'attach'
    ? cenId === intent.cenId && attach === 'attached'
    : cenId !== intent.cenId || attach === 'not_attached'
}

async function settleApplied(
  actor: Operator,
  subject: Subject,
  request: CodeRequest,
  network: OfficeNetwork,
): Promise<void> {
  const { ledger } = actor.services
  if (isComplete(request, network)) {
    if (request.reconcileResult !== 'done') await ledger.recordFound(subject, request.id)
    // A detached network can be attached again: the request has nothing left to show.
    if (intentOf(request).act === 'attach') return
    await ledger.undone(subject, request.id, { certainly: true })
    const { current } = await ledger.view(subject)
    // End the older attach to the same CEN as well, but not a newer one, which may have begun during this read.
    if (
      current &&
      current.startedAt < request.startedAt &&
      intentOf(current).cenId === intentOf(request).cenId
    )
      await ledger.undone(subject, current.id, { certainly: true })
  } else if (
    !hasStarted(request, network) &&
    (request.reconcileResult === 'done' || (isOverdue(request) && elsewhere(request, network)))
  ) {
    // It was reported once and has been undone or replaced since; or it never happened, and another attach did.
    await ledger.undone(subject, request.id, { certainly: true })
  }
}

/** Measured from when it was accepted or, if there was no answer, from when reconciliation found it. */
function isOverdue({ reconcileResult, secondsSinceReconciled, secondsSinceApplied }: CodeRequest): boolean {
  const since = reconcileResult === 'done' ? secondsSinceReconciled : secondsSinceApplied
  return (since ?? 0) > overdueAfterSeconds
}

function elsewhere(request: CodeRequest, { cenId }: OfficeNetwork): boolean {
  const intent = intentOf(request)
  return intent.act === 'attach' && cenId !== null && cenId !== intent.cenId
}

/** Documented states in which a network cannot be attached to a CEN. */
const notReady = new Set([
  'REGISTERING',
  'DEREGISTERING',
  'DEREGISTERED',
  'NEEDCONFIGTRUST',
  'CONFIGTRUSTING',
  'CONFIGTRUSTFAILED',
  'NEEDCONFIGUSER',
  'ERROR',
])

function blockedReasonOf({ kind, accounts, status }: OfficeNetwork): contract.NetworkBlockedReason | null {
  if (accounts === 'ad') return 'ad'
  if (kind === 'basic' || kind === 'custom') return kind
  return notReady.has(status) ? 'not_ready' : null
}

/** Undocumented vendor values. They do not block anything, but are shown before anything is sent. */
function unknownOf({ kind, kindWord, accounts, accountsWord, status }: OfficeNetwork) {
  const unknown: contract.NetworkRow['unknown'] = []
  if (kind === 'other') unknown.push({ what: 'kind', word: kindWord })
  if (accounts === 'other') unknown.push({ what: 'accounts', word: accountsWord })
  if (status !== 'REGISTERED' && !notReady.has(status)) unknown.push({ what: 'status', word: status || null })
  return unknown
}

/** @throws AppError `network.attached`, `network.not_ready` or `network.unfit` */
export function refuseUnfit(network: OfficeNetwork): void {
  if (network.attach === 'attached') throw new AppError('network.attached')
  if (network.attach === 'other') throw new AppError('network.not_ready')
  const blockedReason = blockedReasonOf(network)
  if (blockedReason === 'not_ready') throw new AppError('network.not_ready')
  if (blockedReason) throw new AppError('network.unfit', { params: { reason: blockedReason } })
}

export function stepOf(current: CodeRequest | null, network: OfficeNetwork): contract.AttachFlow['step'] {
  if (current?.state === 'newer') return 'blocked'
  if (current?.state === 'apply_unknown') return 'checking'
  if (current?.state === 'applying' && !current.requiresCode) return 'checking'
  if (current?.state === 'applied' && !isComplete(current, network)) {
    return isOverdue(current) ? 'overdue' : 'waiting'
  }
  if (network.attach === 'attached') return 'done'
  if (network.attach === 'other') return 'waiting'
  if (blockedReasonOf(network)) return 'blocked'
  return current ? 'code' : 'choose'
}

export function networkRow(network: OfficeNetwork): contract.NetworkRow {
  const { attach } = network
  return {
    ...network,
    attach: attach === 'other' ? 'changing' : attach,
    blockedReason: blockedReasonOf(network),
    unknown: unknownOf(network),
  }
}

export function subjectOf(actor: Operator, { id }: Pick<OfficeNetwork, 'id'>): Subject {
  return { accountId: actor.accountId, operation, target: id }
}
