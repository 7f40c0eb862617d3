import * as z from 'zod/mini'

/** `international` = alibabacloud.com, `china` = aliyun.com: a property of the account. */
export const Site = z.enum(['international', 'china'])
export type Site = z.infer<typeof Site>

/** Where the vendor's own console manages resource directories: what the API cannot change is changed there. */
export const vendorConsole: Record<Site, string> = {
  international: 'https://resourcemanager.console.alibabacloud.com',
  china: 'https://resourcemanager.console.aliyun.com',
}
