import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { DiskSpace, MB, RESERVE_BYTES } from './disk.ts'
import { type OpenedPglite, openPglite } from './pglite.ts'
import { setting } from './schema/console.ts'
import { createStorage, storageBlock } from './storage.ts'
import { MIGRATIONS_DIR } from './testing.ts'

// Generous, for busy machines.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const home = mkdtempSync(join(tmpdir(), 'muster-space-'))
const dataDir = join(home, 'data')
const reserve = join(dataDir, 'db.reserve')
/** Free space besides the reserve; deleting the reserve frees its space, unless another program takes it. */
let freeMB = 1024
let takenMB = 0
const lows: boolean[] = []
const disk = {
  freeBytes: () => (existsSync(reserve) ? freeMB : Math.max(0, freeMB + 32 - takenMB)) * MB,
  onLow: (low: boolean) => lows.push(low),
}
const open = () => openPglite({ dataDir, migrationsDir: MIGRATIONS_DIR, disk })

let opened: OpenedPglite
beforeAll(async () => {
  opened = await open()
})
afterAll(async () => {
  await opened.close()
  rmSync(home, { recursive: true, force: true })
})
beforeEach(async () => {
  freeMB = 1024
  takenMB = 0
  await opened.disk?.allowsChanges()
  lows.length = 0
})

const write = (key: string) => opened.db.insert(setting).values({ key, value: 'x' })
const refusal = (key: string) =>
  write(key).then(
    () => null,
    (error: unknown) => storageBlock(error),
  )

test('the reserve is kept while there is space, and released before space runs out', async () => {
  expect(statSync(reserve).size).toBe(RESERVE_BYTES)
  freeMB = 31
  expect(await opened.disk?.allowsChanges()).toBe(false)
  expect(existsSync(reserve)).toBe(false)
  // Work that had begun can still be stored.
  await write('in-flight')
  freeMB = 63 - 32
  expect(await opened.disk?.allowsChanges()).toBe(false)
  freeMB = 64
  expect(await opened.disk?.allowsChanges()).toBe(true)
  expect(statSync(reserve).size).toBe(RESERVE_BYTES)
  expect(lows).toEqual([true, false])
})

test('the engine is read-only while a WAL segment might not fit, and recovers automatically', async () => {
  freeMB = 0
  takenMB = 32
  for (const key of ['a', 'b']) expect(await refusal(key)).toBe('read_only')
  const inTransaction = opened.db.transaction(async (tx) =>
    tx.insert(setting).values({ key: 'c', value: 'x' }),
  )
  expect(storageBlock(await inTransaction.catch((error: unknown) => error))).toBe('read_only')
  expect(await opened.db.execute(sql`select 1 as one`)).toMatchObject({ rows: [{ one: 1 }] })
  freeMB = 1024
  await write('recovered')
})

test('readiness is reported with a reason', async () => {
  const storage = () => createStorage(opened.db, opened.disk, MIGRATIONS_DIR)
  expect(await storage().unready()).toBeNull()
  freeMB = 10
  expect(await storage().unready()).toBe('no_space')
  expect(await storage().blocked()).toBe('no_space')
  freeMB = 1024
  expect(await storage().unready()).toBeNull()
  expect(await storage().blocked()).toBeNull()
})

test('a write refused by a full disk releases the reserve and is repeated', async () => {
  const space = opened.disk as DiskSpace
  expect(space.writeRefused()).toBe(true)
  expect(existsSync(reserve)).toBe(false)
  // Free space is still reported, as with a quota: it is trusted again once the reserve could be written.
  expect(space.writeRefused()).toBe(false)
  expect(await space.allowsChanges()).toBe(true)
})

test('a disk too full to open the database is a start-up fault; with space it opens again', async () => {
  await opened.close()
  freeMB = 0
  takenMB = 32
  await expect(open()).rejects.toThrow(
    /^MUSTER_DATA_DIR: the disk of .+ has 0 MB left; .+\. Example: free up space/,
  )
  freeMB = 1024
  opened = await open()
  await write('opened-again')
})

test('with a full disk the engine is closed without a checkpoint, and nothing is lost', async () => {
  await write('before-close')
  freeMB = 0
  takenMB = 32
  const superClose = vi.spyOn(Object.getPrototypeOf(Object.getPrototypeOf(opened.client)), 'close')
  await opened.close()
  expect(superClose).not.toHaveBeenCalled()
  superClose.mockRestore()
  freeMB = 1024
  opened = await open()
  const { rows } = await opened.db.execute(sql`select key from setting where key = 'before-close'`)
  expect(rows).toHaveLength(1)
})

test('if the reserve cannot be written, changes are not allowed', async () => {
  const gone = new DiskSpace(join(home, 'nowhere'), { freeBytes: () => 1024 * MB })
  expect(await gone.allowsChanges()).toBe(false)
})
