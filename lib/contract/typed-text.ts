// Tidies what people type or paste into fields for ids, codes, numbers and keys. Without a validator, so that
// forms can use it without loading one.

/**
 * Invisible characters: direction marks, zero-width spaces, soft hyphens. Contact apps and web pages add
 * them.
 */
const invisible = /\p{Cf}/gu

/**
 * Text as a person sees it: no invisible characters, no surrounding spaces. For ids and keys, whose case
 * matters.
 */
export function tidyText(text: string): string {
  return text.replace(invisible, '').trim()
}

/**
 * The same, with full-width letters and digits of every script converted to ASCII: `ＡＢＣ` becomes `ABC`, `١٢٣`
 * becomes `123`.
 */
export function plainText(text: string): string {
  return tidyText(text)
    .normalize('NFKC')
    .replace(/\p{Nd}/gu, plainDigit)
}

/** Digits that may be grouped: `1234 5678` and `1234–5678` become `12345678`. Other characters stay. */
export function tidyDigits(text: string): string {
  return plainText(text).replace(/[\s\p{Dash_Punctuation}]/gu, '')
}

/** Unicode keeps the ten digits of a script together, from zero up. */
function plainDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let zero = code
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1
  return String(code - zero)
}
