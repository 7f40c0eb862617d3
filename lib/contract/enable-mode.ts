/**
 * `current` = the signed-in account becomes the management account; `new` = one is created for that, and the signed-in
 * account becomes its member.
 */
export const enableModes = ['current', 'new'] as const
export type EnableMode = (typeof enableModes)[number]

/** What every new management account's name ends in; the administrator chooses what stands before it. */
export const accountNameSuffix = '@rdadmin.aliyunid.com'

/**
 * Whether an account is the one that was asked for by its prefix. How Alibaba Cloud writes the name of a management account
 * where it tells of a directory is not documented: its examples have names with and without what follows the prefix.
 */
export function bearsName(accountName: string, namePrefix: string): boolean {
  const names = [namePrefix, namePrefix + accountNameSuffix].map((name) => name.toLowerCase())
  return names.includes(accountName.toLowerCase())
}

const namePrefixRules: readonly [RegExp, string][] = [
  [/./, 'empty'],
  [/^.{2}/, 'too_short'],
  [/^.{0,50}$/, 'too_long'],
  [/^[A-Za-z0-9_.-]*$/, 'characters'],
  [/^[A-Za-z0-9](.*[A-Za-z0-9])?$/, 'ends'],
  [/^(?!.*[_.-]{2})/, 'signs_in_a_row'],
]

/**
 * What stands before the suffix: 2 to 50 letters, digits, `_`, `.` and `-`; letters or digits at both ends, no two signs
 * in a row.
 * https://www.alibabacloud.com/help/en/resource-management/resource-directory/developer-reference/api-resourcemanager-2020-03-31-enableresourcedirectory
 * @returns the rule it breaks, as a key of `fieldErrors`
 */
export function namePrefixFault(text: string): string | undefined {
  const broken = namePrefixRules.find(([rule]) => !rule.test(text))
  return broken && `namePrefix.${broken[1]}`
}
