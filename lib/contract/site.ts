export const sites = ['international', 'china'] as const

/** `international` = alibabacloud.com, `china` = aliyun.com: a property of the account. */
export type Site = (typeof sites)[number]

/** Where the vendor's own console manages resource directories: what the API cannot change is changed there. */
export const vendorConsole: Record<Site, string> = {
  international: 'https://resourcemanager.console.alibabacloud.com',
  china: 'https://resourcemanager.console.aliyun.com',
}
