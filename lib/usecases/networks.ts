import { type CenCheck, CloudError, ecdRegions, type OfficeNetwork } from '@/lib/alicloud'
import { AppError, type ErrorCode } from '@/lib/contract/errors'
import * as contract from '@/lib/contract/networks'
import { ignoringFullStorage } from '@/lib/db'
import type { CodeRequest, Intent, LedgerView, Refusal, Subject } from '@/lib/ledger'
import type { Operator } from './actor'
import { actOnce, applyOnce, codeFlowOf, discardRequest, sendOnce, tryOnce } from './code-flow'
import { mutation, query } from './define'

/**
 * `ownerId` of an attaching to another account's CEN only: that code is shared by whatever bears it. `heldBy` of a detaching:
 * the account whose CEN is left, where this console attached it.
 */
type NetworkIntent = { act: 'attach' | 'detach'; cenId: string; ownerId?: string; heldBy?: string }
type ForeignCen = NetworkIntent & { ownerId: string }

/** An accepted change that Alibaba Cloud does not report for so long is told as unknown. */
const overdueAfterSeconds = 600

export const listRegions = query(contract.listRegions, {
  access: 'session',
  async run(actor, { language }) {
    const first = ecdRegions.first[actor.site]
    try {
      return { regions: await actor.cloud.listRegions({ region: first, language }), first }
    } catch (error) {
      if (!(error instanceof CloudError) || error.endsSession) throw error
      // The names are a convenience: their ids do where they cannot be read.
      return { regions: ecdRegions.ids.map((id) => ({ id, name: id })), first }
    }
  },
})

export const listNetworks = query(contract.listNetworks, {
  access: 'session',
  async run(actor, { region }) {
    const readAt = new Date().toISOString()
    const networks = await actor.cloud.listNetworks({ region })
    const open = await actor.services.ledger.openTargets(
      { accountId: actor.accountId, operation: 'join_network' },
      networks.map(({ id }) => id),
    )
    const rows = networks.map((network) => ({ ...networkRow(network), open: open.get(network.id) ?? null }))
    return { networks: rows, readAt }
  },
})

export const listCens = query(contract.listCens, {
  access: 'session',
  async run(actor, { region }) {
    return { cens: await actor.cloud.listCens({ region }) }
  },
})

export const getAttachFlow = query(contract.getAttachFlow, {
  access: 'session',
  refreshes: ['ledger'],
  run: async (actor, at) => flow(actor, await networkAt(actor, at)),
})

export const sendCenCode = mutation(contract.sendCenCode, {
  access: 'session',
  action: 'network.send_code',
  target: ({ networkId }) => networkId,
  async run(actor, { cenId, ownerId, knowingly, seen, ...at }, note) {
    const wanted = cenId && ownerId ? { cenId, ownerId } : null
    if (!wanted && (cenId || ownerId)) {
      const fields: Record<string, string> = cenId ? { ownerId: 'owner.empty' } : { cenId: 'cen.empty' }
      throw new AppError('input.invalid', { fields })
    }
    if (ownerId === actor.accountId) {
      throw new AppError('input.invalid', { fields: { ownerId: 'owner.yours' } })
    }
    const network = await networkAt(actor, at)
    refuseUnfit(network)
    await sendOnce<ForeignCen>(
      actor,
      note,
      subjectOf(actor, network),
      { wanted: wanted && { phone: null, intent: { act: 'attach', ...wanted } }, knowingly, seen },
      ({ intent }) => actor.cloud.sendCenCode({ region: at.region, ...cenOf(intent) }),
    )
    return flow(actor, network)
  },
})

export const discardCenRequest = mutation(contract.discardCenRequest, {
  access: 'session',
  action: 'network.discard_code',
  target: ({ networkId }) => networkId,
  async run(actor, { requestId, ...at }) {
    const network = await networkAt(actor, at)
    const subject = subjectOf(actor, network)
    const { current } = await actor.services.ledger.view(subject)
    const overdue = stepOf(current, network) === 'overdue'
    await discardRequest(actor, { subject, requestId, overdue }, discardingOf(current))
    return flow(actor, network)
  },
})

export const checkCen = mutation(contract.checkCen, {
  access: 'session',
  action: 'network.check',
  target: ({ networkId }) => networkId,
  async run(actor, { cenId, requestId, code, ...at }, note) {
    const network = await networkAt(actor, at)
    refuseUnfit(network)
    const { region } = at
    const { cidrBlock } = network
    if (requestId && code) {
      return tryOnce<CenCheck, ForeignCen>(
        actor,
        note,
        { subject: subjectOf(actor, network), requestId },
        ({ intent }) => actor.cloud.verifyCen({ region, cidrBlock, code, ...cenOf(intent) }),
        wrongCodeIn,
      )
    }
    const answer = await actor.cloud.verifyCen({ region, cidrBlock, cenId: cenId ?? '' })
    note.upstreamRequestId = answer.requestId
    return { ...answer, triesLeft: null }
  },
})

export const attachNetwork = mutation(contract.attachNetwork, {
  access: 'session',
  action: 'network.attach',
  target: ({ networkId }) => networkId,
  async run(actor, { cenId, requestId, code, ...at }, note) {
    const network = await networkAt(actor, at)
    refuseUnfit(network)
    const subject = subjectOf(actor, network)
    if (requestId && code) {
      await applyOnce<{ requestId: string }, ForeignCen>(
        actor,
        note,
        { subject, requestId, closing },
        ({ intent }) => actor.cloud.attachCen({ ...at, code, ...cenOf(intent) }),
      )
    } else {
      const own = { cenId: cenId ?? '' }
      await actOnce(actor, note, { subject, intent: { act: 'attach', ...own } }, () =>
        actor.cloud.attachCen({ ...at, ...own }),
      )
    }
    return flow(actor, network)
  },
})

export const detachNetwork = mutation(contract.detachNetwork, {
  access: 'session',
  action: 'network.detach',
  target: ({ networkId }) => networkId,
  async run(actor, { cenId, ...at }, note) {
    const network = await networkAt(actor, at)
    if (network.cenId !== cenId) throw new AppError('network.changed')
    if (network.attach !== 'attached') throw new AppError('network.not_ready')
    if (network.accounts === 'ad') throw new AppError('network.unfit', { params: { reason: 'ad' } })
    const subject = subjectOf(actor, network)
    const intent = { act: 'detach', cenId, ...(await holderOf(actor, subject, cenId)) }
    // The same detaching may know of another owner: what one request found out, another may not have seen yet.
    const reverses = (applied: Intent) => applied.act !== 'detach' || applied.cenId !== cenId
    await actOnce(actor, note, { subject, intent, reverses }, () => actor.cloud.detachCen(at))
    return flow(actor, network)
  },
})

export const lookUpNetwork = mutation(contract.lookUpNetwork, {
  access: 'session',
  action: 'network.look_up',
  target: ({ networkId }) => networkId,
  run: async (actor, at) => flow(actor, await networkAt(actor, at)),
})

/** What ending a request stands for: the act that was accepted, else the code, and the act that it is for. */
function discardingOf(current: CodeRequest | null) {
  const of = 'join_network'
  if (current?.state !== 'applied')
    return { operations: ['sendCenCode', 'attachCen'], what: 'code', of } as const
  const { act } = intentOf(current)
  return { operations: [act === 'attach' ? 'attachCen' : 'detachCen'], what: act, of } as const
}

/** After these, no other code could succeed either: the CEN or its owner is to be entered anew. */
const closing = new Set<ErrorCode>(['cen.owner_wrong', 'cen.not_found'])

/** VerifyCen tells of a wrong code without refusing the call. */
function wrongCodeIn({ result, status: code, requestId }: CenCheck): Refusal | null {
  if (result !== 'code_wrong' && result !== 'code_tries_used') return null
  const upstream = { product: 'ecd', operation: 'VerifyCen', code, requestId }
  return { code: result === 'code_wrong' ? 'code.wrong_or_expired' : 'code.tries_used_upstream', upstream }
}

function cenOf({ cenId, ownerId }: ForeignCen) {
  return { cenId, ownerId }
}

/**
 * Reads one network with this operator's own credentials, and settles by it what the ledger does not know the end of: an act
 * of unknown outcome, and an accepted one that Alibaba Cloud carries out later.
 */
async function networkAt(
  actor: Operator,
  { region, networkId }: { region: string; networkId: string },
): Promise<OfficeNetwork> {
  const { ledger } = actor.services
  const subject = subjectOf(actor, { id: networkId })
  // What this reading may say something of is what was there before it was asked for.
  const { current, lookUp } = await ledger.beginLookUp(subject, overdueAfterSeconds)
  const networks = await actor.cloud.listNetworks({ region, ids: [networkId] })
  const network = networks.find(({ id }) => id === networkId)
  if (!network) {
    // Nothing is left that the act could have changed, and no page that would ask again.
    if (lookUp) await ledger.recordLookup(subject, lookUp, 'gone')
    throw new AppError('network.not_found')
  }
  if (lookUp && current) {
    const done = tookEffect(current, network)
    await ledger.recordLookup(subject, lookUp, done ? 'done' : 'not_done')
    if (done) await settleApplied(actor, subject, current, network)
  } else if (current?.state === 'applied')
    await ignoringFullStorage(settleApplied(actor, subject, current, network))
  return network
}

function intentOf({ intent }: CodeRequest): NetworkIntent {
  return intent as NetworkIntent
}

/** Whose CEN the network is in, where this console attached it. */
async function holderOf(actor: Operator, subject: Subject, cenId: string): Promise<{ heldBy?: string }> {
  const { current } = await actor.services.ledger.view(subject)
  if (current?.state !== 'applied') return {}
  const { act, ownerId, ...known } = intentOf(current)
  if (act !== 'attach' || known.cenId !== cenId) return {}
  return { heldBy: ownerId ?? actor.accountId }
}

/** The owner of the CEN that a request is about: null = this account, absent = not known. */
function ownerOf(actor: Operator, { act, ownerId, heldBy }: NetworkIntent): { ownerId?: string | null } {
  if (act === 'attach') return { ownerId: ownerId ?? null }
  if (heldBy === undefined) return {}
  return { ownerId: heldBy === actor.accountId ? null : heldBy }
}

/** Whether Alibaba Cloud has begun with what was asked for. */
function tookEffect(request: CodeRequest, { cenId, attach }: OfficeNetwork): boolean {
  const intent = intentOf(request)
  return intent.act === 'attach' ? cenId === intent.cenId : cenId !== intent.cenId || attach !== 'attached'
}

/** Whether Alibaba Cloud reports the end of what was asked for. */
function cameAbout(request: CodeRequest, { cenId, attach }: OfficeNetwork): boolean {
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
  if (cameAbout(request, network)) {
    if (request.lookupResult !== 'done') await ledger.recordFound(subject, request.id)
    // What a detaching leaves behind is a network that can be attached: there is no more to be told of it here.
    if (intentOf(request).act === 'attach') return
    await ledger.undone(subject, request.id, { certainly: true })
    const { current } = await ledger.view(subject)
    // Also the older attach of the same CEN; not a newer one, which may have begun during this reading.
    if (
      current &&
      current.startedAt < request.startedAt &&
      intentOf(current).cenId === intentOf(request).cenId
    )
      await ledger.undone(subject, current.id, { certainly: true })
  } else if (
    !tookEffect(request, network) &&
    (request.lookupResult === 'done' || (isOverdue(request) && elsewhere(request, network)))
  ) {
    // It was found once, and was detached or attached otherwise since; or it never came about, and another did.
    await ledger.undone(subject, request.id, { certainly: true })
  }
}

/** By when it was accepted, or by when it was found, where no answer told. */
function isOverdue({ lookupResult, secondsSinceLookUp, secondsSinceApplied }: CodeRequest): boolean {
  const since = lookupResult === 'done' ? secondsSinceLookUp : secondsSinceApplied
  return (since ?? 0) > overdueAfterSeconds
}

function elsewhere(request: CodeRequest, { cenId }: OfficeNetwork): boolean {
  const intent = intentOf(request)
  return intent.act === 'attach' && cenId !== null && cenId !== intent.cenId
}

/** Documented states of a network that no CEN can be attached to. */
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

function obstacleOf({ kind, accounts, status }: OfficeNetwork): contract.NetworkObstacle | null {
  if (accounts === 'ad') return 'ad'
  if (kind === 'basic' || kind === 'custom') return kind
  return notReady.has(status) ? 'not_ready' : null
}

/** Words that are documented nowhere: no obstacle, but something to know before anything is sent. */
function unknownOf({ kind, kindWord, accounts, accountsWord, status }: OfficeNetwork) {
  const unknown: contract.NetworkRow['unknown'] = []
  if (kind === 'other') unknown.push({ what: 'kind', word: kindWord })
  if (accounts === 'other') unknown.push({ what: 'accounts', word: accountsWord })
  if (status !== 'REGISTERED' && !notReady.has(status)) unknown.push({ what: 'status', word: status || null })
  return unknown
}

function refuseUnfit(network: OfficeNetwork): void {
  if (network.attach === 'attached') throw new AppError('network.attached')
  if (network.attach === 'other') throw new AppError('network.not_ready')
  const obstacle = obstacleOf(network)
  if (obstacle === 'not_ready') throw new AppError('network.not_ready')
  if (obstacle) throw new AppError('network.unfit', { params: { reason: obstacle } })
}

async function flow(actor: Operator, network: OfficeNetwork): Promise<contract.AttachFlow> {
  const view: LedgerView = await actor.services.ledger.view(subjectOf(actor, network))
  const { current, refused, undone } = view
  const newer = current?.state === 'newer'
  const intent = current && !newer ? intentOf(current) : null
  const step = stepOf(current, network)
  // Where a network is attached it can be detached, and elsewhere attached: only what was refused of that is of use.
  const told = refused && intentOf(refused).act === (step === 'done' ? 'detach' : 'attach')
  return {
    ...(await codeFlowOf(actor, told ? view : { ...view, refused: null }, discardingOf(current))),
    step,
    refusedCen: refused && told ? cenIdsOf(refused) : null,
    detached: undone && isDetached(undone) ? proofOf(undone) : null,
    network: newer ? { ...networkRow(network), obstacle: 'newer_version' } : networkRow(network),
    intent: intent && { act: intent.act, cenId: intent.cenId, ...ownerOf(actor, intent) },
  }
}

function cenIdsOf(request: CodeRequest) {
  const { cenId, ownerId = null } = intentOf(request)
  return { cenId, ownerId }
}

function isDetached(request: CodeRequest): boolean {
  return intentOf(request).act === 'detach' && request.lookupResult === 'done'
}

function proofOf(request: CodeRequest) {
  const { applySettledAt, startedAt, applyOperatorName, operatorName, applyRequestId } = request
  return {
    cenId: intentOf(request).cenId,
    at: (applySettledAt ?? startedAt).toISOString(),
    operatorName: applyOperatorName ?? operatorName,
    requestId: applyRequestId,
  }
}

function stepOf(current: CodeRequest | null, network: OfficeNetwork): contract.AttachFlow['step'] {
  if (current?.state === 'newer') return 'blocked'
  if (current?.state === 'apply_unknown') return 'checking'
  if (current?.state === 'applying' && !current.coded) return 'checking'
  if (current?.state === 'applied' && !cameAbout(current, network)) {
    return isOverdue(current) ? 'overdue' : 'waiting'
  }
  if (network.attach === 'attached') return 'done'
  if (network.attach === 'other') return 'waiting'
  if (obstacleOf(network)) return 'blocked'
  return current ? 'code' : 'choose'
}

function networkRow(network: OfficeNetwork): contract.NetworkRow {
  const { attach } = network
  return {
    ...network,
    attach: attach === 'other' ? 'changing' : attach,
    obstacle: obstacleOf(network),
    unknown: unknownOf(network),
  }
}

function subjectOf(actor: Operator, { id }: Pick<OfficeNetwork, 'id'>): Subject {
  return { accountId: actor.accountId, operation: 'join_network', target: id }
}
