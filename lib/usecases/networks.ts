import { type CenCheck, CloudError, ecdRegions, type OfficeNetwork } from '@/lib/alicloud'
import { AppError } from '@/lib/contract/errors'
import * as contract from '@/lib/contract/networks'
import { type CodeRequest, closesStep, type Intent, type LedgerView, type Refusal } from '@/lib/ledger'
import type { Operator } from './actor'
import { applyOnce, applyWithoutCode, checkOnce, sendOnce } from './code-flow/acts'
import { discardRequest } from './code-flow/discard'
import { codeFlowOf } from './code-flow/view'
import { mutation, query } from './define'
import {
  type CrossAccountCen,
  holderOf,
  intentOf,
  networkAt,
  networkRow,
  operation,
  ownerOf,
  refuseUnfit,
  stepOf,
  subjectOf,
} from './network-state'

/** The regions of Elastic Desktop Service, with IDs as names if they cannot be read. */
export const listRegions = query(contract.listRegions, {
  access: 'session',
  async run(actor, { language }) {
    const first = ecdRegions.first[actor.site]
    try {
      return { regions: await actor.cloud.listRegions({ region: first, language }), first }
    } catch (error) {
      if (!(error instanceof CloudError) || error.endsSession) throw error
      // The names are a convenience: without them, show the IDs.
      return { regions: ecdRegions.ids.map((id) => ({ id, name: id })), first }
    }
  },
})

/** The office networks of a region. @throws CloudError if DescribeOfficeSites fails */
export const listNetworks = query(contract.listNetworks, {
  access: 'session',
  async run(actor, { region }) {
    const readAt = new Date().toISOString()
    const networks = await actor.cloud.listNetworks({ region })
    const open = await actor.services.ledger.openTargets(
      { accountId: actor.accountId, operation },
      networks.map(({ id }) => id),
    )
    const rows = networks.map((network) => ({ ...networkRow(network), open: open.get(network.id) ?? null }))
    return { networks: rows, readAt }
  },
})

/** The account's own CENs. @throws CloudError if DescribeCens fails */
export const listCens = query(contract.listCens, {
  access: 'session',
  async run(actor, { region }) {
    return { cens: await actor.cloud.listCens({ region }) }
  },
})

/**
 * The state of attaching a network; reconciles open requests.
 * @throws AppError `network.not_found`
 * @throws CloudError if DescribeOfficeSites fails
 */
export const getAttachFlow = query(contract.getAttachFlow, {
  access: 'session',
  refreshes: ['ledger'],
  run: async (actor, at) => flow(actor, await networkAt(actor, at)),
})

/**
 * Sends a code to the owner of another account's CEN.
 * @throws AppError `input.invalid` if only one of `cenId` and `ownerId` is given, or the owner is this account;
 *   `network.not_found`; `network.attached`; `network.not_ready`; `network.unfit`; the codes of `sendOnce`
 * @throws CloudError if DescribeOfficeSites fails or the send is refused
 */
export const sendCenCode = mutation(contract.sendCenCode, {
  access: 'session',
  action: 'network.send_code',
  target: ({ networkId }) => networkId,
  async run(actor, { cenId, ownerId, confirmResend, seen, ...at }, note) {
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
    await sendOnce<CrossAccountCen>(
      actor,
      note,
      subjectOf(actor, network),
      { wanted: wanted && { phone: null, intent: { act: 'attach', ...wanted } }, confirmResend, seen },
      ({ intent }) => actor.cloud.sendCenCode({ region: at.region, ...cenOf(intent) }),
    )
    return flow(actor, network)
  },
})

/**
 * Discards the open code, or an accepted change that is overdue.
 * @throws AppError `network.not_found`; the codes of `discardRequest`
 * @throws CloudError if DescribeOfficeSites fails
 */
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

/**
 * Checks whether a CEN can be attached: an own one, or another account's with its code. An incorrect code is part of the
 * result, not an error.
 * @throws AppError `network.not_found`; `network.attached`; `network.not_ready`; `network.unfit`; with a code also the codes
 *   of `checkOnce`
 * @throws CloudError if DescribeOfficeSites or VerifyCen fails
 */
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
      return checkOnce<CenCheck, CrossAccountCen>(
        actor,
        note,
        { subject: subjectOf(actor, network), requestId },
        ({ intent }) => actor.cloud.verifyCen({ region, cidrBlock, code, ...cenOf(intent) }),
        wrongCodeIn,
      )
    }
    const answer = await actor.cloud.verifyCen({ region, cidrBlock, cenId: cenId ?? '' })
    note.upstreamRequestId = answer.requestId
    return { ...answer, attemptsLeft: null }
  },
})

/**
 * Attaches a network to an own CEN or, with a code, to another account's.
 * @throws AppError `network.not_found`; `network.attached`; `network.not_ready`; `network.unfit`; the codes of `applyOnce`
 *   with a code, of `applyWithoutCode` without one
 * @throws CloudError if DescribeOfficeSites fails or the attach is refused
 */
export const attachNetwork = mutation(contract.attachNetwork, {
  access: 'session',
  action: 'network.attach',
  target: ({ networkId }) => networkId,
  closes: (code, { requestId }) => closesStep(operation, code, requestId !== undefined),
  async run(actor, { cenId, requestId, code, ...at }, note) {
    const network = await networkAt(actor, at)
    refuseUnfit(network)
    const subject = subjectOf(actor, network)
    if (requestId && code) {
      await applyOnce<{ requestId: string }, CrossAccountCen>(
        actor,
        note,
        { subject, requestId },
        ({ intent }) => actor.cloud.attachCen({ ...at, code, ...cenOf(intent) }),
      )
    } else {
      const own = { cenId: cenId ?? '' }
      await applyWithoutCode(actor, note, { subject, intent: { act: 'attach', ...own } }, () =>
        actor.cloud.attachCen({ ...at, ...own }),
      )
    }
    return flow(actor, network)
  },
})

/**
 * Detaches a network from its CEN.
 * @throws AppError `network.not_found`; `network.changed` if it is no longer in the given CEN; `network.not_ready`;
 *   `network.unfit` for an AD network; the codes of `applyWithoutCode`
 * @throws CloudError if DescribeOfficeSites fails or the detach is refused
 */
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
    // Compare action and CEN only: two requests for the same detach may know different owners.
    const reverses = (applied: Intent) => applied.act !== 'detach' || applied.cenId !== cenId
    await applyWithoutCode(actor, note, { subject, intent, reverses }, () => actor.cloud.detachCen(at))
    return flow(actor, network)
  },
})

/**
 * Checks the network at Alibaba Cloud and settles open requests.
 * @throws AppError `network.not_found`
 * @throws CloudError if DescribeOfficeSites fails
 */
export const reconcileNetwork = mutation(contract.reconcileNetwork, {
  access: 'session',
  action: 'network.look_up',
  target: ({ networkId }) => networkId,
  run: async (actor, at) => flow(actor, await networkAt(actor, at)),
})

/** For an accepted change, its own operation authorizes ending it; otherwise sending or using the code. */
function discardingOf(current: CodeRequest | null) {
  const of = operation
  if (current?.state !== 'applied')
    return { operations: ['sendCenCode', 'attachCen'], what: 'code', of } as const
  const { act } = intentOf(current)
  return { operations: [act === 'attach' ? 'attachCen' : 'detachCen'], what: act, of } as const
}

/** VerifyCen reports an incorrect code without refusing the call. */
function wrongCodeIn({ result, status: code, requestId }: CenCheck): Refusal | null {
  if (result !== 'code_wrong' && result !== 'code_tries_used') return null
  const upstream = { product: 'ecd', operation: 'VerifyCen', code, requestId }
  return { code: result === 'code_wrong' ? 'code.wrong_or_expired' : 'code.attempts_used_upstream', upstream }
}

function cenOf({ cenId, ownerId }: CrossAccountCen) {
  return { cenId, ownerId }
}

async function flow(actor: Operator, network: OfficeNetwork): Promise<contract.AttachFlow> {
  const view: LedgerView = await actor.services.ledger.view(subjectOf(actor, network))
  const { current, refused, undone } = view
  const newer = current?.state === 'newer'
  const intent = current && !newer ? intentOf(current) : null
  const step = stepOf(current, network)
  // An attached network can be detached, any other one attached: show a refusal only if that change can be repeated.
  const relevant = refused && intentOf(refused).act === (step === 'done' ? 'detach' : 'attach')
  return {
    ...(await codeFlowOf(actor, relevant ? view : { ...view, refused: null }, discardingOf(current))),
    step,
    refusedCen: refused && relevant ? cenIdsOf(refused) : null,
    detached: undone && isDetached(undone) ? proofOf(undone) : null,
    network: newer ? { ...networkRow(network), blockedReason: 'newer_version' } : networkRow(network),
    intent: intent && { act: intent.act, cenId: intent.cenId, ...ownerOf(actor, intent) },
  }
}

function cenIdsOf(request: CodeRequest) {
  const { cenId, ownerId = null } = intentOf(request)
  return { cenId, ownerId }
}

function isDetached(request: CodeRequest): boolean {
  return intentOf(request).act === 'detach' && request.reconcileResult === 'done'
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
