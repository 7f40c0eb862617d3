/** Invisible marks that change the direction of the text after them; a name may contain one without closing it. */
const directionMarks = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
/** Right-to-left scripts: Hebrew, Arabic, Syriac, Thaana, N'Ko, Adlam and neighboring blocks. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** Isolates a name from the text around it, so that neither reorders the other: https://www.w3.org/TR/i18n-html-tech-bidi/ */
export function isolate(name: string): string {
  const plain = name.replace(directionMarks, '')
  return rightToLeft.test(plain) ? `\u2068${plain}\u2069` : plain
}
