// What people type or paste into fields for ids, codes, numbers and keys, tidied in one place. Without a validator, so
// that forms can use it without loading one.

/** Characters nobody sees: direction marks, zero-width spaces, soft hyphens. Contact apps and web pages add them. */
const invisible = /\p{Cf}/gu

/** Text as a person sees it: no invisible characters, no spaces around it. For ids and keys, whose case matters. */
export function tidyText(text: string): string {
  return text.replace(invisible, '').trim()
}

/** The same with full-width letters and digits of every script made plain: `ＡＢＣ` and `ABC`, `١٢٣` and `123` are one. */
export function plainText(text: string): string {
  return tidyText(text)
    .normalize('NFKC')
    .replace(/\p{Nd}/gu, plainDigit)
}

/** Digits that may stand in groups: `1234 5678` and `1234–5678` become `12345678`. Other characters stay. */
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
