import { z } from './zod'

/** `international` = alibabacloud.com, `china` = aliyun.com: a property of the account. */
export const Site = z.enum(['international', 'china'])
export type Site = z.infer<typeof Site>
