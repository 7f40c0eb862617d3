import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createVault } from '@/lib/db'
import { openTestDatabase } from '@/lib/db/testing'
import { beginAttempt } from './attempts'

test('many sign-ins from one network leave connections for other statements', async () => {
  const { db, openAgain, close } = await openTestDatabase()
  const replica = await openAgain()
  onTestFinished(async () => {
    await replica.close()
    await close()
  })
  const vault = createVault(randomBytes(32))
  const address = '192.0.2.1'
  let attempts: ReturnType<typeof beginAttempt>[] = []
  // A sign-in from the same network holds the lock in another process.
  await replica.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`sign-in/${address}`}, 0))`)
    attempts = Array.from({ length: 20 }, (_, n) =>
      beginAttempt(db, vault, { accessKeyId: `KEY-${n}`, address, openSeconds: 60 }),
    )
    await vi.waitFor(async () => {
      const { rows } = await tx.execute(
        sql`select 1 from pg_locks where locktype = 'advisory' and not granted`,
      )
      expect(rows).toHaveLength(1)
    })
    expect((await db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }])
  })
  for (const attempt of await Promise.all(attempts)) expect(attempt).toHaveProperty('end')
})
