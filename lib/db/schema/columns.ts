import { sql } from 'drizzle-orm'
import { type AnyPgColumn, check, customType, timestamp } from 'drizzle-orm/pg-core'

/** Millisecond precision, so that a `Date` read from a row finds that row again. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

// Byte order is the same on every server and lets `like 'prefix%'` use the index; a locale's order does neither.
export const byteOrderedText = customType<{ data: string }>({ dataType: () => 'text collate "C"' })

/** CHECK that a column contains one of the values of its TypeScript union. */
export function oneOf(name: string, column: AnyPgColumn, values: readonly string[]) {
  return check(name, sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`)
}
