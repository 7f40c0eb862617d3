import { ecd } from './action-rows.ts'
import type { Action, Call } from './call.ts'
import { networkStatuses, type OfficeNetwork, officeSiteTypes } from './model.ts'
import { requireRegion } from './regions.ts'
import { invalid } from './wire-errors.ts'

const idsMax = 100

/** https://help.aliyun.com/document_detail/216132.html */
function describeOfficeSites(call: Call): Record<string, unknown> {
  const region = requireRegion(call)
  const { params, state, caller } = call
  const ids = params.list('OfficeSiteId')
  if (ids.length > idsMax) throw invalid('OfficeSiteId')
  const type = oneOf(call, 'OfficeSiteType', officeSiteTypes)
  const status = oneOf(call, 'Status', networkStatuses)
  const networks = state.networks
    .networksIn(caller.accountId, region)
    .filter(
      (network) =>
        (ids.length === 0 || ids.includes(network.id)) &&
        (type === undefined || network.officeSiteType === type) &&
        (status === undefined || network.status === status),
    )
  const page = takeByToken(call, networks)
  return {
    TotalCount: networks.length,
    NextToken: page.next,
    OfficeSites: page.items.map(officeSite),
  }
}

function oneOf<T extends string>({ params }: Call, name: string, known: readonly T[]): T | undefined {
  const text = params.get(name)
  const value = known.find((choice) => choice === text)
  if (text !== undefined && value === undefined) throw invalid(name)
  return value
}

/** The token encodes the ID of the last network returned. */
function takeByToken({ params }: Call, networks: readonly OfficeNetwork[]) {
  const size = params.integer('MaxResults', 10, 1, 100)
  const token = params.get('NextToken')
  const last = token === undefined ? '' : Buffer.from(token, 'base64url').toString()
  const start = token === undefined ? 0 : networks.findIndex((network) => network.id === last) + 1
  if (token !== undefined && start === 0) throw invalid('NextToken')
  const items = networks.slice(start, start + size)
  const more = networks.length > start + size ? items.at(-1) : undefined
  return { items, next: more ? Buffer.from(more.id).toString('base64url') : '' }
}

/**
 * A network as the vendor returns it, secrets included, so a client must pick the fields it passes on. Every secret
 * contains `sandbox-secret-`, so that tests can search for leaks.
 */
function officeSite(network: OfficeNetwork): Record<string, unknown> {
  const { id, officeSiteType, vpcType } = network
  const tail = id.slice(id.lastIndexOf('-') + 1)
  const secret = (what: string) => `sandbox-secret-${what}-${tail}`
  const withDirectory = officeSiteType === 'AD_CONNECTOR'
  return {
    OfficeSiteId: id,
    Name: network.name,
    OfficeSiteType: officeSiteType,
    VpcType: vpcType,
    VpcId: `vpc-${tail}`,
    VSwitchIds: [`vsw-${tail}`],
    Status: network.status,
    CidrBlock: network.cidrBlock,
    CreationTime: network.creationTime,
    DesktopCount: network.desktopCount,
    TotalEdsCount: network.desktopCount,
    DesktopAccessType: vpcType === 'Basic' ? 'INTERNET' : 'ANY',
    EnableAdminAccess: true,
    EnableCrossDesktopAccess: false,
    EnableInternetAccess: vpcType !== 'Customized',
    Bandwidth: vpcType === 'Customized' ? 0 : 10,
    MfaEnabled: false,
    SsoEnabled: false,
    ProtocolType: 'ASP',
    SecurityProtection: 'OFF',
    ClientSecret: secret('client'),
    ...(network.cenId !== undefined && { CenId: network.cenId }),
    ...(network.attachStatus !== undefined && { CenAttachStatus: network.attachStatus }),
    ...(withDirectory && {
      DomainName: 'corp.example',
      DomainUserName: 'Administrator',
      DomainPassword: secret('domain'),
      TrustPassword: secret('trust'),
      DnsAddress: ['10.0.0.53'],
      ADConnectors: [
        {
          ADConnectorAddress: '10.0.0.40',
          ConnectorStatus: 'RUNNING',
          NetworkInterfaceId: `eni-${tail}`,
          Specification: '1',
          TrustKey: secret('key'),
          VSwitchId: `vsw-${tail}`,
        },
      ],
    }),
    Logs: network.status === 'ERROR' ? [failedLog(network)] : [],
  }
}

function failedLog(network: OfficeNetwork): Record<string, string> {
  return {
    Level: 'ERROR',
    Step: 'CREATE_VPC',
    Message: 'code:failed | message:Create VPC failed',
    TimeStamp: network.creationTime,
  }
}

export const officeSiteActions: readonly Action[] = [
  ecd('DescribeOfficeSites', describeOfficeSites, [], {
    params: ['OfficeSiteType', 'OfficeSiteId', 'Status', 'MaxResults', 'NextToken'],
  }),
]
