import { pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'

export const setting = pgTable('setting', { key: text().notNull(), value: text().notNull() }, (t) => [
  primaryKey({ name: 'setting_pk', columns: [t.key] }),
])

/** What each migration lets run beside it and after a roll-back; each writes its own row (see `migrate.ts`). */
export const compatibility = pgTable(
  'compatibility',
  {
    migration: text().notNull(),
    /** The latest migration that the oldest build that still runs on this one must know. */
    oldest: text().notNull(),
  },
  (t) => [primaryKey({ name: 'compatibility_pk', columns: [t.migration] })],
)

/** Pacing slots; made UNLOGGED by a migration, since losing it costs at most one short wait. */
export const rate = pgTable(
  'rate',
  {
    key: text().notNull(),
    /** When the latest slot handed out is due. */
    tat: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [primaryKey({ name: 'rate_pk', columns: [t.key] })],
)
