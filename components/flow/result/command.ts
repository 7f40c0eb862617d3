/** Replaces a code, which is not stored. */
export const codePlaceholder = '<code>'

/** Replaces a number; only its country code is shown. */
export function numberPlaceholder(numberMasked: string): string {
  return `${numberMasked.slice(1).split('-')[0]}-<number>`
}

/** The vendor's parameters as shell arguments: `--VerificationCode '<code>'`. */
export function argumentsOf(parameters: Record<string, string>): string[] {
  return Object.entries(parameters).map(([name, value]) => `--${name} ${quoted(value)}`)
}

function quoted(value: string): string {
  return /^[\w@.-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`
}
