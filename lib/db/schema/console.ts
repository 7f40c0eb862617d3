import { pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'

export const setting = pgTable('setting', { key: text().notNull(), value: text().notNull() }, (t) => [
  primaryKey({ name: 'setting_pk', columns: [t.key] }),
])

/** Which older builds may run on each migration, which inserts its own row: for rollbacks and rolling upgrades. */
export const compatibility = pgTable(
  'compatibility',
  {
    migration: text().notNull(),
    /** A build may run on `migration` if it knows this one, which is the same or an earlier one. */
    oldest: text().notNull(),
  },
  (t) => [primaryKey({ name: 'compatibility_pk', columns: [t.migration] })],
)

/** Pacing slots. Made UNLOGGED by a migration, since losing them costs at most a short wait. */
export const rate = pgTable(
  'rate',
  {
    key: text().notNull(),
    /** When the slot handed out last is due. */
    tat: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [primaryKey({ name: 'rate_pk', columns: [t.key] })],
)
