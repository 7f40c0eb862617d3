/**
 * `current` = the signed-in account becomes the management account; `new` = one is created for that, and the signed-in
 * account becomes its member.
 */
export const enableModes = ['current', 'new'] as const
export type EnableMode = (typeof enableModes)[number]

/** What every new management account's name ends in; the administrator chooses what stands before it. */
export const accountNameSuffix = '@rdadmin.aliyunid.com'
