import type { Site } from '@/lib/contract/site'
import type { Product } from './operations'

/** Alibaba Cloud, or the sandbox, which serves every product on one `host:port` over plain HTTP. */
export type Endpoints = { kind: 'alibaba' } | { kind: 'sandbox'; host: string }

// https://api.aliyun.com/product/Sts, /product/ResourceManager, /product/ResourceDirectoryMaster, /product/ecd
// ("Endpoints"): only ResourceDirectoryMaster has a host per site, and only ecd has one per region.
const hosts: Record<Product, Record<Site, string>> = {
  Sts: { international: 'sts.aliyuncs.com', china: 'sts.aliyuncs.com' },
  ResourceManager: { international: 'resourcemanager.aliyuncs.com', china: 'resourcemanager.aliyuncs.com' },
  ResourceDirectoryMaster: {
    international: 'resourcedirectory-intl.aliyuncs.com',
    china: 'resourcedirectory.aliyuncs.com',
  },
  ecd: { international: 'ecd.<region>.aliyuncs.com', china: 'ecd.<region>.aliyuncs.com' },
}

/** For a regional product without a region, the host contains the placeholder `<region>`, for display only. */
export function endpointOf(
  endpoints: Endpoints,
  product: Product,
  site: Site,
  region?: string,
): { endpoint: string; protocol: 'HTTP' | 'HTTPS' } {
  if (endpoints.kind === 'sandbox') return { endpoint: endpoints.host, protocol: 'HTTP' }
  const host = hosts[product][site]
  return {
    endpoint: region === undefined ? host : host.replace('<region>', hostPart(region)),
    protocol: 'HTTPS',
  }
}

export function isRegional(product: Product): boolean {
  return hosts[product].international.includes('<region>')
}

// Two letters first: a longer prefix, as in `oss-cn-hangzhou`, would lead to another product's host, where anyone may
// own a bucket named `ecd`.
const regionId = /^[a-z]{2}(-[a-z0-9]+){1,4}$/
// The longest region id of any product has 22 characters.
const regionLengthMax = 32

/** Whether this can be a region id. It becomes part of the host name that the signed call is sent to. */
export function isRegion(region: string | undefined): region is string {
  return region !== undefined && region.length <= regionLengthMax && regionId.test(region)
}

function hostPart(region: string): string {
  if (!isRegion(region)) throw new Error('not a region')
  return region
}

// https://github.com/aliyun/alibabacloud-sdk (ecd-20200930, endpoint map); the live list comes from DescribeRegions.
/** Fallback when DescribeRegions fails, and the region to call it in first. Ids only: names come from the vendor. */
export const ecdRegions: { ids: readonly string[]; first: Record<Site, string> } = {
  ids: [
    'cn-hangzhou',
    'cn-shanghai',
    'cn-beijing',
    'cn-shenzhen',
    'cn-zhangjiakou',
    'cn-wulanchabu',
    'cn-qingdao',
    'cn-nanjing',
    'cn-guangzhou',
    'cn-chengdu',
    'cn-hongkong',
    'cn-hangzhou-finance',
    'cn-shanghai-finance-1',
    'ap-southeast-1',
    'ap-southeast-5',
    'ap-southeast-6',
    'ap-southeast-7',
    'ap-northeast-1',
    'us-west-1',
    'us-east-1',
    'eu-central-1',
    'eu-west-1',
    'me-east-1',
    'me-central-1',
  ],
  first: { international: 'ap-southeast-1', china: 'cn-hangzhou' },
}
