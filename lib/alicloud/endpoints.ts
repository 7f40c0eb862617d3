import type { Site } from '@/lib/contract/site'
import type { Product } from './operations'

/** The real service, or an emulator that serves every product on one `host:port` over plain HTTP. */
export type Endpoints = { kind: 'alibaba' } | { kind: 'sandbox'; host: string }

// https://api.aliyun.com/product/Sts, /product/ResourceManager, /product/ResourceDirectoryMaster ("Endpoints"):
// only ResourceDirectoryMaster has an address per site.
const hosts: Record<Product, Record<Site, string>> = {
  Sts: { international: 'sts.aliyuncs.com', china: 'sts.aliyuncs.com' },
  ResourceManager: { international: 'resourcemanager.aliyuncs.com', china: 'resourcemanager.aliyuncs.com' },
  ResourceDirectoryMaster: {
    international: 'resourcedirectory-intl.aliyuncs.com',
    china: 'resourcedirectory.aliyuncs.com',
  },
}

export function endpointOf(
  endpoints: Endpoints,
  product: Product,
  site: Site,
): { endpoint: string; protocol: 'HTTP' | 'HTTPS' } {
  if (endpoints.kind === 'sandbox') return { endpoint: endpoints.host, protocol: 'HTTP' }
  return { endpoint: hosts[product][site], protocol: 'HTTPS' }
}
