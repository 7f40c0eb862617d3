import type { Language } from '@/lib/contract/language'
import { type CenChoice, vendorCen, vendorParameters } from '@/lib/contract/vendor-calls'
import { Accepted } from './answers'
import type { Call } from './call'
import { localRefusal, notUnderstood } from './classify'
import type { CloudError } from './failure'
import {
  type Cen,
  type CenCheck,
  CenCheckAnswer,
  CenPage,
  NetworkPage,
  type OfficeNetwork,
  type Region,
  RegionList,
} from './network-answers'
import type { OperationName } from './operations'
import type { Caller } from './send'

/** The calls to Elastic Desktop Service. Every call names its region; see `Cloud` for deadline, pacing and failures. */
export interface NetworkCalls {
  /** All regions of Elastic Desktop Service. `region` is where to ask; any will do. */
  listRegions(input: { region: string; language: Language }): Promise<Region[]>
  /** All networks of a region, or those of `ids` that exist. */
  listNetworks(input: { region: string; ids?: readonly string[] }): Promise<OfficeNetwork[]>
  /** The CENs of the caller's own account; another account's cannot be listed. */
  listCens(input: { region: string }): Promise<Cen[]>
  /** To the owner of another account's CEN, by SMS or email. The response shows neither the recipient nor an expiry. */
  sendCenCode(input: { region: string; cenId: string; ownerId: string }): Promise<{ requestId: string }>
  /** Changes nothing, but may use up the code. */
  verifyCen(input: CenChoice & { region: string; cidrBlock: string }): Promise<CenCheck>
  /** Returns once the request is accepted. Attaching takes a while: `listNetworks` shows when it is done. */
  attachCen(input: CenChoice & { region: string; networkId: string }): Promise<{ requestId: string }>
  detachCen(input: { region: string; networkId: string }): Promise<{ requestId: string }>
}

const pageSizeMax = '100'
/** The documented default of DescribeCens; no maximum is documented. */
const cenPageSize = 50
const networkIdsMax = 100
/** A list with more pages than this is assumed to be endless. */
const pagesMax = 100

export function networkCalls(call: Call, caller: Caller): NetworkCalls {
  return {
    listRegions: ({ region, language }) =>
      call(caller, {
        name: 'listRegions',
        region,
        query: { RegionId: region, AcceptLanguage: language === 'zh-CN' ? 'zh' : 'en' },
        answer: RegionList,
      }),

    async listNetworks({ region, ids }) {
      const name = 'listNetworks'
      const found = new Map<string, OfficeNetwork>()
      for (const batch of ids ? batchesOf(ids) : [{}]) {
        const tokens = new Set<string>()
        let token = ''
        do {
          // A repeated token would loop forever, and a partial list must not pass for the whole.
          if (tokens.has(token) || tokens.size === pagesMax) throw unreadable(caller, name)
          tokens.add(token)
          const { received, networks, nextToken } = await call(caller, {
            name,
            region,
            query: {
              RegionId: region,
              MaxResults: pageSizeMax,
              ...batch,
              ...(token && { NextToken: token }),
            },
            answer: NetworkPage,
          })
          // An unreadable row may be the requested network, which must not pass for deleted.
          if (ids && received > networks.length) throw unreadable(caller, name)
          for (const network of networks) found.set(network.id, { ...network, region })
          token = nextToken ?? ''
        } while (token)
      }
      return [...found.values()]
    },

    async listCens({ region }) {
      const name = 'listCens'
      const found = new Map<string, Cen>()
      for (let page = 1; page <= pagesMax; page += 1) {
        const { total, received, cens } = await call(caller, {
          name,
          region,
          query: { RegionId: region, PageNumber: String(page), PageSize: String(cenPageSize) },
          answer: CenPage,
        })
        for (const cen of cens) found.set(cen.id, cen)
        if (received === 0 || found.size >= total) return [...found.values()]
      }
      throw unreadable(caller, name)
    },

    async sendCenCode(input) {
      const name = 'sendCenCode'
      checkOwner(name, input)
      return call(caller, {
        name,
        region: input.region,
        query: vendorParameters.sendCenCode(input),
        answer: Accepted,
      })
    },

    async verifyCen({ region, cidrBlock, ...choice }) {
      const name = 'verifyCen'
      checkOwner(name, choice)
      return call(caller, {
        name,
        region,
        query: { RegionId: region, CidrBlock: cidrBlock, ...vendorCen(choice) },
        answer: CenCheckAnswer,
        secrets: secretsOf(choice),
      })
    },

    async attachCen(input) {
      const name = 'attachCen'
      checkOwner(name, input)
      return call(caller, {
        name,
        region: input.region,
        query: vendorParameters.attachCen(input),
        answer: Accepted,
        secrets: secretsOf(input),
      })
    },

    detachCen: ({ region, networkId }) =>
      call(caller, {
        name: 'detachCen',
        region,
        query: { RegionId: region, OfficeSiteId: networkId },
        answer: Accepted,
      }),
  }
}

function secretsOf({ code }: CenChoice): string[] {
  return code === undefined ? [] : [code]
}

/** The id is inserted into a JSON string without quotes, so only a 16-digit account id may pass. */
function checkOwner(name: OperationName, { ownerId }: { ownerId?: string }): void {
  if (ownerId !== undefined && !/^[1-9]\d{15}$/.test(ownerId))
    throw localRefusal({ name }, 'cen.owner_wrong', 'ownerId')
}

/** `OfficeSiteId.1=…&OfficeSiteId.2=…`, the vendor's format for a list, split into as many calls as necessary. */
function batchesOf(ids: readonly string[]): Record<string, string>[] {
  const calls = Math.ceil(ids.length / networkIdsMax)
  return Array.from({ length: calls }, (_, call) => {
    const some = ids.slice(call * networkIdsMax, (call + 1) * networkIdsMax)
    return Object.fromEntries(some.map((id, index) => [`OfficeSiteId.${index + 1}`, id]))
  })
}

function unreadable({ site }: Caller, name: OperationName): CloudError {
  return notUnderstood({ name, site, secrets: [] })
}
