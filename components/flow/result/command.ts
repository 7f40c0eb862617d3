/** In place of a code, which is not kept. */
export const codePlaceholder = '<code>'

/** In place of a number: what is kept of it is its country code. */
export function numberPlaceholder(numberMasked: string): string {
  return `${numberMasked.slice(1).split('-')[0]}-<number>`
}

/** The vendor's parameters as a shell takes them: `--VerificationCode '<code>'`. */
export function argumentsOf(parameters: Record<string, string>): string[] {
  return Object.entries(parameters).map(([name, value]) => `--${name} ${quoted(value)}`)
}

function quoted(value: string): string {
  return /^[\w@.-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`
}
