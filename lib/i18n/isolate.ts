/** Marks that turn the text behind them around: nobody sees them, and a name may hold one that it never closes. */
const directionMarks = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
/** Letters that are written from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko, Adlam and those near them. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** A name within a text, so that neither changes the order of the other: https://www.w3.org/TR/i18n-html-tech-bidi/ */
export function isolate(name: string): string {
  const plain = name.replace(directionMarks, '')
  return rightToLeft.test(plain) ? `\u2068${plain}\u2069` : plain
}
