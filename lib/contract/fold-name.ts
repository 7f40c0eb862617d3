import { plainText } from './typed-text'

/** Includes what \p{Cf} does not: variation selectors of emoji and Han characters, fillers. */
const ignorable = /\p{Default_Ignorable_Code_Point}/gu

/**
 * A name as searches compare it: `МОСКВА` and `Москва`, `Café` composed and decomposed, `ＡＢＣ` and `abc`,
 * `STRASSE` and `Straße` fold to the same text, in every language and on every machine. Both stored names and
 * search text are folded, so that results do not depend on a database's locale.
 */
export function foldName(text: string): string {
  return (
    plainText(text.replace(ignorable, ''))
      // Lower, upper and lower case again: ẞ becomes ß, ß becomes SS, and the Turkish ı becomes i.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      // Letters that depend only on their place in the word, or on the reader's language.
      .replaceAll('ς', 'σ')
      .replace(/i\u0307+/g, 'i')
      .normalize('NFKC')
      .replace(/\s+/gu, ' ')
      .trim()
  )
}
