import * as z from 'zod/mini'
import { id, lenientDate, lenientText, rowsOf, textOrNull, total } from './fields'

export interface Region {
  id: string
  name: string
}

/** An office network of Elastic Desktop Service. The vendor's response contains passwords, which are not read. */
export interface OfficeNetwork {
  id: string
  /** The id if it has no name. */
  name: string
  region: string
  kind: 'basic' | 'advanced' | 'custom' | 'other'
  /** The vendor's value, such as `Standard`; new ones may appear. */
  kindWord: string | null
  accounts: 'convenience' | 'ad' | 'other'
  accountsWord: string | null
  /** The vendor's value, such as `REGISTERED`. Empty if missing. */
  status: string
  /** Empty if it has none. */
  cidrBlock: string
  desktops: number | null
  cenId: string | null
  /** `other` = in progress, or an undocumented value. */
  attach: 'attached' | 'not_attached' | 'other'
  /** The vendor's value; only `attached` is documented. */
  attachStatus: string | null
  createdAt: Date | null
}

/** A Cloud Enterprise Network of the caller's own account. */
export interface Cen {
  id: string
  /** The id if it has no name. */
  name: string
  /** The vendor's value, such as `Active`. Empty if missing. */
  status: string
  description: string | null
}

/** Whether a network's address range fits a CEN. Nothing was attached. */
export interface CenCheck {
  requestId: string
  result:
    | 'fits'
    | 'conflict'
    | 'owner_wrong'
    | 'cen_wrong'
    | 'code_wrong'
    | 'code_tries_used'
    /** An undocumented value. */
    | 'other'
  /** The vendor's value. */
  status: string
  /** Address ranges that would not overlap. */
  proposals: string[]
  routes: Array<{ cidr: string; region: string; nextHop: string; conflicts: boolean }>
}

export const RegionList = z.pipe(
  z.object({ Regions: rowsOf(z.object({ RegionId: id, LocalName: lenientText })) }),
  z.transform(({ Regions }): Region[] =>
    Regions.rows.map((region) => ({ id: region.RegionId, name: region.LocalName ?? region.RegionId })),
  ),
)

/** Case-insensitive: the vendor's capitalization varies. */
function oneOf<T extends string>(value: string | null, known: Record<string, T>): T | 'other' {
  return new Map(Object.entries(known)).get(value?.toLowerCase() ?? '') ?? 'other'
}

const kinds = { basic: 'basic', standard: 'advanced', customized: 'custom' } as const
const accountSystems = { simple: 'convenience', ad_connector: 'ad' } as const

// https://www.alibabacloud.com/help/en/wuying-workspace/developer-reference/api-ecd-2020-09-30-describeofficesites
// Only the fields listed here are read: the response also contains DomainPassword, TrustPassword, TrustKey and
// ClientSecret. The CEN fields are strict: an unreadable one must not pass for "detached" and settle an unknown outcome.
const OfficeSite = z.object({
  OfficeSiteId: id,
  Name: lenientText,
  VpcType: lenientText,
  OfficeSiteType: lenientText,
  Status: lenientText,
  CidrBlock: lenientText,
  DesktopCount: z.catch(z.optional(z.nullable(total)), null),
  CenId: textOrNull,
  CenAttachStatus: textOrNull,
  CreationTime: lenientDate,
})

function toNetwork(site: z.infer<typeof OfficeSite>): Omit<OfficeNetwork, 'region'> {
  return {
    id: site.OfficeSiteId,
    name: site.Name ?? site.OfficeSiteId,
    kind: oneOf(site.VpcType, kinds),
    kindWord: site.VpcType,
    accounts: oneOf(site.OfficeSiteType, accountSystems),
    accountsWord: site.OfficeSiteType,
    status: site.Status ?? '',
    cidrBlock: site.CidrBlock ?? '',
    desktops: site.DesktopCount ?? null,
    cenId: site.CenId,
    attach: attachOf(site.CenId, site.CenAttachStatus),
    attachStatus: site.CenAttachStatus,
    createdAt: site.CreationTime,
  }
}

function attachOf(cenId: string | null, status: string | null): OfficeNetwork['attach'] {
  // Only `attached` is documented: without a CEN, any other value may mean "not attached".
  const changing = ['attaching', 'detaching'].includes(status?.toLowerCase() ?? '')
  if (cenId === null && !changing) return 'not_attached'
  return oneOf(status, { attached: 'attached' } as const)
}

export const NetworkPage = z.pipe(
  z.object({ OfficeSites: rowsOf(OfficeSite), NextToken: textOrNull }),
  z.transform(({ OfficeSites, NextToken }) => ({
    received: OfficeSites.received,
    networks: OfficeSites.rows.map(toNetwork),
    nextToken: NextToken,
  })),
)

const CenItem = z.pipe(
  z.object({ CenId: id, Name: lenientText, Status: lenientText, Description: lenientText }),
  z.transform(
    (cen): Cen => ({
      id: cen.CenId,
      name: cen.Name ?? cen.CenId,
      status: cen.Status ?? '',
      description: cen.Description,
    }),
  ),
)
export const CenPage = z.pipe(
  z.object({ TotalCount: total, Cens: rowsOf(CenItem) }),
  z.transform((body) => ({ total: body.TotalCount, received: body.Cens.received, cens: body.Cens.rows })),
)

const results = {
  access: 'fits',
  conflict: 'conflict',
  'invalidcen.cenuidinvalid': 'owner_wrong',
  'invalidcen.parameterceninstanceid': 'cen_wrong',
  'verifycode.invalidtokencode': 'code_wrong',
  'verifycode.reachtokenretrytime': 'code_tries_used',
} as const

const Route = z.pipe(
  z.object({
    DestinationCidrBlock: z.string(),
    RegionId: textOrNull,
    NextHopInstanceId: textOrNull,
    Status: textOrNull,
  }),
  z.transform((route) => ({
    cidr: route.DestinationCidrBlock,
    region: route.RegionId ?? '',
    nextHop: route.NextHopInstanceId ?? '',
    conflicts: oneOf(route.Status, { conflict: 'conflict' } as const) === 'conflict',
  })),
)
const noneOrMore = <T extends z.ZodMiniType>(item: T) => z.optional(z.nullable(z.array(item)))

export const CenCheckAnswer = z.pipe(
  z.object({
    RequestId: id,
    Status: id,
    CidrBlocks: noneOrMore(z.string()),
    RouteEntries: noneOrMore(Route),
  }),
  z.transform(
    (body): CenCheck => ({
      requestId: body.RequestId,
      result: oneOf(body.Status, results),
      status: body.Status,
      proposals: body.CidrBlocks ?? [],
      routes: body.RouteEntries ?? [],
    }),
  ),
)
