import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { CloudMember } from '@/lib/alicloud'
import { openTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { storeMembers } from './refresh'

// Far more than the tests need, for machines that are busy with other work.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 })

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const members = Array.from(
  { length: Number(process.env.MUSTER_TEST_MEMBERS ?? 400) },
  (_, n): CloudMember => ({
    id: String(1_000_000_000_000_000 + n),
    displayName: `Shop ${n}`,
    accountName: `shop-${n}@example.com`,
    type: 'resource',
    status: 'CreateSuccess',
    deletion: null,
    folderId: `fd-${n % 20}`,
    path: null,
    joinMethod: 'created',
    joinedAt: new Date(1_700_000_000_000 + n),
    modifiedAt: new Date(1_700_000_000_000 + n),
    tags: [{ key: 'env', value: 'prod' }],
  }),
)

async function size() {
  const { rows } = await database.db.execute<{ heap: number; index: number; wal: number }>(sql`
    select (pg_relation_size('member') / 8192)::int as heap, (pg_indexes_size('member') / 8192)::int as index,
      (select sum(size) from pg_ls_waldir())::float8 as wal`)
  if (!rows[0]) throw new Error('no size')
  return rows[0]
}

test('a hundred syncs leave tables and WAL about as small as the first few', async () => {
  let first = { heap: 0, index: 0, wal: 0 }
  for (let generation = 1; generation <= 100; generation += 1) {
    const askedAt = new Date().toISOString()
    for (let from = 0; from < members.length; from += 100) {
      await storeMembers(database.db, 'large', members.slice(from, from + 100), { generation, askedAt })
      // Other work gets its turn, as between two calls to the cloud.
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    if (generation === 3) first = await size()
  }
  const last = await size()
  expect(last.heap).toBeLessThanOrEqual(4 * first.heap)
  expect(last.index).toBeLessThanOrEqual(2 * first.index)
  expect(last.wal).toBeLessThanOrEqual(96 * 2 ** 20)
})
