export const sites = ['international', 'china'] as const

/** `international` = alibabacloud.com, `china` = aliyun.com: a property of the account. */
export type Site = (typeof sites)[number]

/** The vendor's pages for the account itself: its verification, its own phone and mailbox. */
export const accountCenter: Record<Site, string> = {
  international: 'https://account.alibabacloud.com',
  china: 'https://account.console.aliyun.com',
}

/** The vendor's console for resource directories, for what the API cannot change. */
export const vendorConsole: Record<Site, string> = {
  international: 'https://resourcemanager.console.alibabacloud.com',
  china: 'https://resourcemanager.console.aliyun.com',
}

/** The vendor's console for office networks. */
export const networkConsole: Record<Site, string> = {
  international: 'https://eds.console.alibabacloud.com',
  china: 'https://eds.console.aliyun.com',
}
/** The vendor's console for Cloud Enterprise Networks. */
export const cenConsole: Record<Site, string> = {
  international: 'https://cen.console.alibabacloud.com',
  china: 'https://cen.console.aliyun.com',
}
