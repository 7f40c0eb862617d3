/**
 * `current` = the signed-in account becomes the management account; `new` = a new account does, and the
 * signed-in account becomes its member.
 */
export const enableModes = ['current', 'new'] as const
export type EnableMode = (typeof enableModes)[number]

/** The suffix of every new management account's name; the administrator chooses the part before it. */
export const accountNameSuffix = '@rdadmin.aliyunid.com'

/**
 * Whether an account is the one requested by this prefix. How Alibaba Cloud writes the name of a management
 * account when it describes a directory is not documented: its examples have names with and without the
 * suffix.
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
 * Checks the part before the suffix: 2 to 50 letters, digits, `_`, `.` and `-`; a letter or digit at both
 * ends, no two special characters in a row.
 * https://www.alibabacloud.com/help/en/resource-management/resource-directory/developer-reference/api-resourcemanager-2020-03-31-enableresourcedirectory
 * @returns the rule it breaks, as a key of `fieldErrors`
 */
export function namePrefixFault(text: string): string | undefined {
  const broken = namePrefixRules.find(([rule]) => !rule.test(text))
  return broken && `namePrefix.${broken[1]}`
}
