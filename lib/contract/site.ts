export const sites = ['international', 'china'] as const

/** `international` = alibabacloud.com, `china` = aliyun.com: a property of the account. */
export type Site = (typeof sites)[number]

/** Where the vendor keeps what an account is: its verification, its own phone and mailbox. */
export const accountCenter: Record<Site, string> = {
  international: 'https://account.alibabacloud.com',
  china: 'https://account.console.aliyun.com',
}

/** Where the vendor's own console manages resource directories: what the API cannot change is changed there. */
export const vendorConsole: Record<Site, string> = {
  international: 'https://resourcemanager.console.alibabacloud.com',
  china: 'https://resourcemanager.console.aliyun.com',
}

/** Where the vendor's own console has office networks, and where Cloud Enterprise Networks. */
export const networkConsole: Record<Site, string> = {
  international: 'https://eds.console.alibabacloud.com',
  china: 'https://eds.console.aliyun.com',
}
export const cenConsole: Record<Site, string> = {
  international: 'https://cen.console.alibabacloud.com',
  china: 'https://cen.console.aliyun.com',
}
