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

/** What this console does with Elastic Desktop Service, every call in one region. */
export interface NetworkCalls {
  /** The regions of Elastic Desktop Service, asked of any of them. */
  listRegions(input: { region: string; language: Language }): Promise<Region[]>
  /** All of a region, or those of these ids that there are. */
  listNetworks(input: { region: string; ids?: readonly string[] }): Promise<OfficeNetwork[]>
  /** Those of the caller's own account; another account's cannot be listed. */
  listCens(input: { region: string }): Promise<Cen[]>
  /** To the owner of another account's CEN, by SMS or mail; nothing tells to whom, or how long the code lives. */
  sendCenCode(input: { region: string; cenId: string; ownerId: string }): Promise<{ requestId: string }>
  /** Changes nothing. With a code it may use that up. */
  verifyCen(input: CenChoice & { region: string; cidrBlock: string }): Promise<CenCheck>
  /** Accepted is not attached: that takes a while, and `listNetworks` tells. */
  attachCen(input: CenChoice & { region: string; networkId: string }): Promise<{ requestId: string }>
  detachCen(input: { region: string; networkId: string }): Promise<{ requestId: string }>
}

const pageSizeMax = '100'
/** DescribeCens documents its default and no maximum. */
const cenPageSize = 50
const networkIdsMax = 100
/** So many pages of one list are no list, but an answer that goes round in circles. */
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
      for (const choice of ids ? choicesOf(ids) : [{}]) {
        const tokens = new Set<string>()
        let token = ''
        do {
          // A token that comes back would go round for ever, and a part of a list must not pass for the whole.
          if (tokens.has(token) || tokens.size === pagesMax) throw unread(caller, name)
          tokens.add(token)
          const { received, networks, nextToken } = await call(caller, {
            name,
            region,
            query: {
              RegionId: region,
              MaxResults: pageSizeMax,
              ...choice,
              ...(token && { NextToken: token }),
            },
            answer: NetworkPage,
          })
          // An unread row may be the one asked for, which must not pass for gone.
          if (ids && received > networks.length) throw unread(caller, name)
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
      throw unread(caller, name)
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

/** They stand in a JSON text as they are, so nothing but an account's 16 digits may pass. */
function checkOwner(name: OperationName, { ownerId }: { ownerId?: string }): void {
  if (ownerId !== undefined && !/^[1-9]\d{15}$/.test(ownerId))
    throw localRefusal({ name }, 'cen.owner_wrong', 'ownerId')
}

/** `OfficeSiteId.1=…&OfficeSiteId.2=…`, as the vendor's own clients write a list, in as many calls as it takes. */
function choicesOf(ids: readonly string[]): Record<string, string>[] {
  const calls = Math.ceil(ids.length / networkIdsMax)
  return Array.from({ length: calls }, (_, call) => {
    const some = ids.slice(call * networkIdsMax, (call + 1) * networkIdsMax)
    return Object.fromEntries(some.map((id, index) => [`OfficeSiteId.${index + 1}`, id]))
  })
}

function unread({ site }: Caller, name: OperationName): CloudError {
  return notUnderstood({ name, site, secrets: [] })
}
