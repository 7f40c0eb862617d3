import { randomInt } from 'node:crypto'
import { parseCidr } from './cidr.ts'
import {
  bodyObject,
  ControlError,
  choiceField,
  clearableField,
  integerField,
  textField,
  wordField,
} from './control-input.ts'
import { networkStatuses, type OfficeNetwork, officeSiteTypes, type Site, vpcTypes } from './model.ts'
import { regionsOf } from './regions.ts'
import type { SandboxState } from './state.ts'

const networkFields = [
  'name',
  'officeSiteType',
  'vpcType',
  'status',
  'cidrBlock',
  'desktopCount',
  'cenId',
  'attachStatus',
]
const networksPerRequestMax = 1000

/** Adds office networks with unique IDs to a site's company or to an account. */
export function addNetworks(state: SandboxState, body: unknown): OfficeNetwork[] {
  const input = bodyObject(body, ['site', 'accountId', 'region', 'networks'])
  const { accountId, site } = companyField(state, input)
  const region = regionField(textField(input, 'region'), site)
  const wanted = input.networks
  if (!Array.isArray(wanted) || wanted.length === 0 || wanted.length > networksPerRequestMax) {
    throw new ControlError(400, 'InvalidField', `"networks" must be a list of 1 to ${networksPerRequestMax}.`)
  }
  const added = wanted.map((item) => changed(blankNetwork(state, accountId, region), item))
  for (const network of added) state.networks.put(network)
  return added
}

/** Changes a network as if by someone else. An `attaching` set here never completes. */
export function changeNetwork(state: SandboxState, id: string, body: unknown): OfficeNetwork {
  const network = changed(findNetwork(state, id), body)
  state.networks.put(network)
  return network
}

export function findNetwork(state: SandboxState, id: string): OfficeNetwork {
  const network = state.networks.network(id)
  if (!network) throw new ControlError(404, 'UnknownNetwork', 'No office network has that ID.')
  return network
}

function companyField(
  state: SandboxState,
  input: Record<string, unknown>,
): { accountId: string; site: Site } {
  const named = textField(input, 'accountId')
  const site = choiceField(input, 'site', ['international', 'china'])
  const accountId =
    named ?? state.world.directories.find((known) => state.account(known.accountId)?.site === site)?.accountId
  const account = accountId === undefined ? undefined : state.account(accountId)
  if (!account || (named === undefined) === (site === undefined)) {
    throw new ControlError(400, 'MissingField', 'Give "site" (international or china) or an "accountId".')
  }
  return { accountId: account.id, site: account.site }
}

function regionField(region: string | undefined, site: Site): string {
  const known = regionsOf(site).map(([id]) => id)
  const wanted = region ?? (site === 'china' ? 'cn-hangzhou' : 'ap-southeast-1')
  if (known.includes(wanted)) return wanted
  throw new ControlError(400, 'InvalidField', `"region" must be one of: ${known.join(', ')}.`)
}

function blankNetwork(state: SandboxState, accountId: string, region: string): OfficeNetwork {
  let number: string
  do number = String(randomInt(10 ** 10)).padStart(10, '0')
  while (state.networks.network(`${region}+dir-${number}`))
  return {
    id: `${region}+dir-${number}`,
    accountId,
    region,
    name: `pilot-${number}`,
    officeSiteType: 'SIMPLE',
    vpcType: 'Standard',
    status: 'REGISTERED',
    // No seed route overlaps this range.
    cidrBlock: '172.28.0.0/16',
    desktopCount: 0,
    creationTime: `${new Date(state.now()).toISOString().slice(0, 16)}Z`,
  }
}

function changed(network: OfficeNetwork, body: unknown): OfficeNetwork {
  const input = bodyObject(body, networkFields)
  const cidrBlock = textField(input, 'cidrBlock') ?? network.cidrBlock
  if (!parseCidr(cidrBlock)) {
    throw new ControlError(400, 'InvalidField', '"cidrBlock" must look like 172.28.0.0/16.')
  }
  return {
    ...network,
    name: textField(input, 'name') ?? network.name,
    officeSiteType: wordField(input, 'officeSiteType', officeSiteTypes) ?? network.officeSiteType,
    vpcType: wordField(input, 'vpcType', vpcTypes) ?? network.vpcType,
    status: wordField(input, 'status', networkStatuses) ?? network.status,
    cidrBlock,
    desktopCount: integerField(input, 'desktopCount', network.desktopCount, 0, 1_000_000),
    ...(('cenId' in input || 'attachStatus' in input) && joining(network, input)),
  }
}

/** Unless `attachStatus` is given: `attached` when a CEN is set, nothing when it is removed. */
function joining(network: OfficeNetwork, input: Record<string, unknown>): Partial<OfficeNetwork> {
  const cenId = clearableField(input, 'cenId', network.cenId)
  const ordinary = 'cenId' in input ? (cenId === undefined ? undefined : 'attached') : network.attachStatus
  return { cenId, attachStatus: clearableField(input, 'attachStatus', ordinary), attachChangesAt: undefined }
}
