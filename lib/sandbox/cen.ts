import { ecd, paging } from './action-rows.ts'
import type { Action, Call } from './call.ts'
import { type Cidr, freeRanges, overlap, parseCidr } from './cidr.ts'
import { checkCode, sendCode } from './codes.ts'
import type { Cen, OfficeNetwork } from './model.ts'
import { requireRegion, siteOf } from './regions.ts'
import { invalid, type OperationCode, refusal } from './wire-errors.ts'

// Cloud Enterprise Networks, and attaching office networks to them. Another account's CEN requires a code that is sent
// to the CEN's owner.

const purpose = 'JoinCen'
const proposals = 3

/** https://help.aliyun.com/document_detail/216234.html. CENs are not regional. */
function describeCens(call: Call): Record<string, unknown> {
  requireRegion(call)
  const { params, state, caller } = call
  const number = params.integer('PageNumber', 1, 1, 1_000_000)
  const size = params.integer('PageSize', 50, 1, 100)
  const cens = state.networks.censOf(caller.accountId)
  return {
    TotalCount: cens.length,
    Cens: cens.slice((number - 1) * size, number * size).map((cen) => ({
      CenId: cen.id,
      Name: cen.name,
      Status: cen.status,
      Description: cen.description,
      CreationTime: cen.creationTime,
      ProtectionLevel: 'REDUCED',
      Ipv6Level: 'DISABLED',
      PackageIds: [],
      Tags: [],
    })),
  }
}

/** The reply names neither the recipient nor the expiration of the code. */
function sendVerifyCode(call: Call): Record<string, unknown> {
  requireRegion(call)
  const { params, state, assumptions } = call
  if (params.get('VerifyCodeAction') !== 'eds_cenID_securityverification') throw invalid('VerifyCodeAction')
  const info = readExtraInfo(params.get('ExtraInfo'))
  if (!info) throw invalid('ExtraInfo')
  const cen = findCen(call, info.cenId, info.ownerId)
  if (typeof cen === 'string') {
    if (assumptions.sendToUnknownCen === 'refused') throw refusal(cen)
    return {}
  }
  const owner = state.account(cen.ownerId)
  const onChinaSite = siteOf(call) === 'china'
  const to = onChinaSite ? owner?.phone : owner?.email
  // An owner without a phone or mailbox gets no message; the send still succeeds.
  if (to === undefined) return {}
  sendCode(call, {
    purpose,
    target: targetOf(call, cen),
    channel: onChinaSite ? 'sms' : 'email',
    to,
    operation: 'SendVerifyCode',
    accountId: cen.ownerId,
    accountName: owner?.company,
  })
  return {}
}

/** The CEN that a SendVerifyCode call is about, for the call log. */
function cenOfExtraInfo(text: string | undefined): string {
  return readExtraInfo(text)?.cenId ?? ''
}

/** Checks whether an attach would succeed. Problems, wrong codes included, are reported with HTTP status 200. */
function verifyCen(call: Call): Record<string, unknown> {
  requireRegion(call)
  const { params, assumptions } = call
  const range = parseCidr(params.get('CidrBlock') ?? '')
  if (!range) throw invalid('CidrBlock')
  const cen = findCen(call, params.get('CenId') ?? '', ownerOf(call))
  if (typeof cen === 'string') return { Status: cen }
  const refused = refuseCode(call, cen, assumptions.verifyCenUsesCode)
  if (refused) return { Status: refused }

  const routes = cen.routes.map((route) => {
    const conflicts = overlap(range, cidrOf(route.cidrBlock))
    return {
      RegionId: route.region,
      DestinationCidrBlock: route.cidrBlock,
      NextHopInstanceId: route.nextHop,
      Status: conflicts ? 'Conflict' : 'Access',
    }
  })
  if (routes.every((route) => route.Status === 'Access')) return { Status: 'Access', RouteEntries: routes }
  const taken = cen.routes.map((route) => cidrOf(route.cidrBlock))
  return { Status: 'Conflict', CidrBlocks: freeRanges(range, taken, proposals), RouteEntries: routes }
}

/** Starts attaching; CenAttachStatus shows when it completes. Overlapping routes are not refused. */
function attachCen(call: Call): Record<string, unknown> {
  const network = requireNetwork(call)
  requireFree(network)
  const { params, state, assumptions } = call
  const cen = findCen(call, params.get('CenId') ?? '', ownerOf(call))
  if (typeof cen === 'string') throw refusal(cen)
  const refused = refuseCode(call, cen, true)
  if (refused) throw refusal(refused)
  state.networks.put({
    ...network,
    cenId: cen.id,
    attachStatus: 'attaching',
    attachChangesAt: state.now() + assumptions.attachSeconds * 1000,
  })
  return {}
}

function detachCen(call: Call): Record<string, unknown> {
  const network = requireNetwork(call)
  requireJoinable(network)
  if (network.cenId === undefined) throw refusal('InvalidDirectoryStatus')
  if (network.attachStatus !== 'attached') throw refusal('DirectoryNotReady')
  const { state, assumptions } = call
  state.networks.put({
    ...network,
    attachStatus: 'detaching',
    attachChangesAt: state.now() + assumptions.detachSeconds * 1000,
  })
  return {}
}

/** @throws the gateway's `InvalidOfficeSiteId` for a network of another account or region */
function requireNetwork(call: Call): OfficeNetwork {
  const region = requireRegion(call)
  const network = call.state.networks.network(call.params.get('OfficeSiteId') ?? '')
  if (network?.accountId !== call.caller.accountId || network.region !== region) throw invalid('OfficeSiteId')
  return network
}

/** Only advanced networks for convenience accounts can be attached or detached after they are created. */
function requireJoinable(network: OfficeNetwork): void {
  if (network.status === 'REGISTERING') throw refusal('DirectoryNotReady')
  const fits = network.vpcType === 'Standard' && network.officeSiteType === 'SIMPLE'
  if (!fits || network.status !== 'REGISTERED') throw refusal('InvalidDirectoryStatus')
}

function requireFree(network: OfficeNetwork): void {
  requireJoinable(network)
  if (network.cenId === undefined) return
  throw refusal(network.attachStatus === 'attached' ? 'InvalidDirectoryStatus' : 'DirectoryNotReady')
}

function ownerOf({ params }: Call): string | undefined {
  const owner = params.get('CenOwnerId')
  if (owner !== undefined && !/^\d+$/.test(owner)) throw invalid('CenOwnerId')
  return owner
}

type UnknownCen = 'InvalidCen.CenUidInvalid' | 'InvalidCen.ParameterCenInstanceId'

/** Without an owner the CEN must be the caller's own. An account of the other site does not exist here. */
function findCen(call: Call, cenId: string, ownerId = call.caller.accountId): Cen | UnknownCen {
  if (call.state.account(ownerId)?.site !== siteOf(call)) return 'InvalidCen.CenUidInvalid'
  const cen = call.state.networks.censOf(ownerId).find((known) => known.id === cenId)
  return cen?.status === 'Active' ? cen : 'InvalidCen.ParameterCenInstanceId'
}

/** A code is valid only for the account that requested it, and only for that CEN. */
function targetOf({ caller }: Call, cen: Cen): string {
  return `${caller.accountId}:${cen.ownerId}:${cen.id}`
}

/** The caller's own CEN requires no code. A missing code counts as wrong, but costs no attempt. */
function refuseCode(call: Call, cen: Cen, useUp: boolean) {
  if (cen.ownerId === call.caller.accountId) return undefined
  const code = call.params.get('VerifyCode')
  const checked =
    code === undefined ? 'wrong' : checkCode(call, { purpose, target: targetOf(call, cen), code, useUp })
  if (checked === 'right') return undefined
  return checked === 'wrong' ? 'VerifyCode.InvalidTokenCode' : 'VerifyCode.ReachTokenRetryTime'
}

/**
 * Reads `{"cenOwnerId": 9134520068812347, "cenId": "cen-…"}`. Both spellings are accepted: the vendor's prose starts the
 * names with a capital letter, its examples do not. In the examples the owner is a number, whose digits are read from
 * the source text, because parsing would round it.
 */
function readExtraInfo(text = ''): { cenId: string; ownerId: string | undefined } | undefined {
  let info: unknown
  try {
    info = JSON.parse(text, asWritten)
  } catch {
    return undefined
  }
  if (typeof info !== 'object' || info === null) return undefined
  const fields = info as Record<string, unknown>
  const cenId = fields.cenId ?? fields.CenId
  const ownerId = fields.cenOwnerId ?? fields.CenOwnerId
  if (typeof cenId !== 'string' || cenId === '') return undefined
  if (ownerId === undefined || ownerId === '') return { cenId, ownerId: undefined }
  return typeof ownerId === 'string' && /^\d+$/.test(ownerId) ? { cenId, ownerId } : undefined
}

function asWritten(name: string, value: unknown, context?: { source?: string }): unknown {
  const isOwner = name === 'cenOwnerId' || name === 'CenOwnerId'
  return isOwner && typeof value === 'number' ? context?.source : value
}

function cidrOf(text: string): Cidr {
  const range = parseCidr(text)
  if (!range) throw new Error(`The seed route ${text} is not a valid CIDR block.`)
  return range
}

const badCen: readonly OperationCode[] = ['InvalidCen.CenUidInvalid', 'InvalidCen.ParameterCenInstanceId']
const badNetwork: readonly OperationCode[] = ['InvalidDirectoryStatus', 'DirectoryNotReady']
const badCode: readonly OperationCode[] = ['VerifyCode.InvalidTokenCode', 'VerifyCode.ReachTokenRetryTime']

export const cenActions: readonly Action[] = [
  ecd('DescribeCens', describeCens, [], { params: paging }),
  ecd('SendVerifyCode', sendVerifyCode, ['VerifyCodeAction', 'ExtraInfo'], {
    target: (params) => cenOfExtraInfo(params.get('ExtraInfo')),
    errors: badCen,
  }),
  ecd('VerifyCen', verifyCen, ['CenId', 'CidrBlock'], {
    params: ['CenOwnerId', 'VerifyCode'],
    target: (params) => params.get('CenId') ?? '',
  }),
  ecd('AttachCen', attachCen, ['OfficeSiteId', 'CenId'], {
    params: ['CenOwnerId', 'VerifyCode'],
    target: (params) => params.get('OfficeSiteId') ?? '',
    errors: [...badNetwork, ...badCen, ...badCode],
  }),
  ecd('DetachCen', detachCen, ['OfficeSiteId'], {
    target: (params) => params.get('OfficeSiteId') ?? '',
    errors: badNetwork,
  }),
]
