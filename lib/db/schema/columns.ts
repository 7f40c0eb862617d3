import { sql } from 'drizzle-orm'
import { type AnyPgColumn, check, customType, timestamp } from 'drizzle-orm/pg-core'

/** An instant kept to the millisecond, so that a `Date` read here finds its own row again. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

// Byte order is the same on every server and lets `like 'prefix%'` use the index; a locale's order is neither.
export const byteOrderedText = customType<{ data: string }>({ dataType: () => 'text collate "C"' })

/** CHECK that a column holds one of the words of its TypeScript union. */
export function oneOf(name: string, column: AnyPgColumn, words: readonly string[]) {
  return check(name, sql`${column} in (${sql.raw(words.map((word) => `'${word}'`).join(', '))})`)
}
