import { plainText } from './typed-text'

/** Also what no \p{Cf} is: variation selectors of emoji and Han characters, fillers. */
const ignorable = /\p{Default_Ignorable_Code_Point}/gu

/**
 * A name as searches compare it: `МОСКВА` and `Москва`, `Café` composed and decomposed, `ＡＢＣ` and `abc`, `STRASSE` and
 * `Straße` fold to the same text, in every language and on every machine. Stored names and what is typed go through it,
 * so that no database has to know about letters.
 */
export function foldName(text: string): string {
  return (
    plainText(text.replace(ignorable, ''))
      // Down, up and down again: ẞ becomes ß, ß becomes SS, and ı of Turkish an i.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      // What only depends on where in the word it stands, or on who reads it.
      .replaceAll('ς', 'σ')
      .replace(/i\u0307+/g, 'i')
      .normalize('NFKC')
      .replace(/\s+/gu, ' ')
      .trim()
  )
}
