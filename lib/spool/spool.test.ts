import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createVault, lockFile } from '@/lib/db'
import { createSpool, isKept, type SpoolOptions } from './index'

const secret = randomBytes(32)

let dataDir: string
let close: (() => Promise<void>)[]
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'muster-spool-'))
  close = []
})
afterEach(async () => {
  for (const one of close) await one()
  rmSync(dataDir, { recursive: true, force: true })
})

class Away extends Error {
  override readonly name = 'StorageAway'
}

/** A spool in front of a database that is available or not. */
async function spoolOn({
  away = false,
  refuses,
  ...options
}: { away?: boolean; refuses?: string } & Partial<SpoolOptions<string, string>> = {}) {
  const written: string[] = []
  const problems: string[] = []
  const database = { away, refuses }
  const spool = createSpool<string, string>({
    dataDir,
    vault: createVault(secret),
    async deliver(record, again) {
      if (database.away) throw new Away()
      if (record === database.refuses) throw new Error('refused')
      written.push(again ? `${record} again` : record)
      return `wrote ${record}`
    },
    report: (problem) => problems.push(problem),
    ...options,
  })
  await spool.recover()
  close.push(() => spool.close().catch(() => {}))
  return { spool, written, problems, database }
}

const files = () => readdirSync(dataDir).filter((name) => name.startsWith('outcomes-'))
const onDisk = () => files().map((name) => readFileSync(path.join(dataDir, name), 'utf8'))
const ahead = { ahead: true }

test('a record that the database accepts immediately leaves nothing behind', async () => {
  const { spool, written } = await spoolOn()
  expect(await spool.put('one', ahead)).toBe('wrote one')
  expect({ written, disk: onDisk(), kept: spool.kept() }).toEqual({ written: ['one'], disk: [''], kept: [] })
})

test('a record is on disk, sealed, before it is sent to the database', async () => {
  let seen: string[] = []
  const { spool } = await spoolOn({
    deliver: async () => {
      seen = onDisk()
      return ''
    },
  })
  await spool.put('+65 9123', ahead)
  expect(seen).toEqual([expect.stringMatching(/^[\w-]{36} v1\.[\w-]+\n$/)])
  expect(seen.join()).not.toContain('9123')
})

test('records are kept while the database is unavailable, and written in order when it is back', async () => {
  const { spool, written, database } = await spoolOn({ away: true })
  for (const record of ['one', 'two']) {
    const failure = await spool.put(record, { ahead: false }).catch((error: unknown) => error)
    expect(isKept(failure)).toBe(true)
  }
  expect(spool.kept()).toEqual([
    { record: 'one', durable: true },
    { record: 'two', durable: true },
  ])
  database.away = false
  await vi.waitFor(() => expect(written).toEqual(['one again', 'two again']), { timeout: 30_000 })
  expect({ disk: onDisk(), kept: spool.kept() }).toEqual({ disk: [''], kept: [] })
})

test('the next process writes what a killed one left, except a last line that was cut short', async () => {
  const first = await spoolOn({ away: true })
  for (const record of ['one', 'two']) await first.spool.put(record, ahead).catch(() => {})
  // Like a kill: closes what the process had open, and nothing else.
  await first.spool.close()
  const [file = ''] = files()
  appendFileSync(path.join(dataDir, file), `${crypto.randomUUID()} v1.half`)
  const next = await spoolOn()
  expect(next).toMatchObject({ written: ['one again', 'two again'], problems: [] })
  expect(onDisk()).toEqual([''])
  await next.spool.put('three', ahead)
  expect(next.written).toContain('three')
})

test('a line that cannot be unsealed is set aside and reported; the others are written', async () => {
  const first = await spoolOn({ away: true })
  await first.spool.put('one', ahead).catch(() => {})
  await first.spool.close()
  const [file = ''] = files()
  appendFileSync(path.join(dataDir, file), `${crypto.randomUUID()} v1.${'A'.repeat(80)}\n`)
  const next = await spoolOn()
  expect(next).toMatchObject({ written: ['one again'], problems: ['unreadable'] })
  expect(onDisk().sort()).toEqual(['', expect.stringContaining('A'.repeat(80))])
})

test('the file of another secret is left alone and reported', async () => {
  const other = await spoolOn({ away: true, vault: createVault(randomBytes(32)) })
  await other.spool.put('one', ahead).catch(() => {})
  await other.spool.close()
  const before = onDisk()
  const { spool, written, problems } = await spoolOn()
  expect({ written, problems }).toEqual({ written: [], problems: ['other_secret'] })
  await spool.put('two', ahead)
  expect(onDisk()).toEqual(expect.arrayContaining(before))
  // An empty file is not reported.
  await spool.close()
  const third = await spoolOn({ vault: createVault(randomBytes(32)) })
  expect(third.problems).toEqual(['other_secret'])
})

test('with a folder that is in use by another process or not writable, records are kept in memory only', async () => {
  const lock = lockFile(path.join(dataDir, 'outcomes.lock.db'))
  const busy = await spoolOn({ away: true })
  expect(busy.problems).toEqual(['in_use'])
  lock?.release()
  const nowhere = path.join(dataDir, 'a file')
  writeFileSync(nowhere, '')
  chmodSync(nowhere, 0o400)
  const unwritable = await spoolOn({ away: true, dataDir: path.join(nowhere, 'below') })
  expect(unwritable.problems).toEqual(['unwritable'])
  for (const { spool, written, database } of [busy, unwritable]) {
    await spool.put('one', ahead).catch(() => {})
    expect(spool.kept()).toEqual([{ record: 'one', durable: false }])
    database.away = false
    await spool.drain(30_000)
    expect({ written, kept: spool.kept() }).toEqual({ written: ['one again'], kept: [] })
  }
})

test.each(['writing', 'syncing'])(
  'an append that fails while %s half a record harms neither the record before nor the one after',
  async (when) => {
    const { spool, database, written, problems } = await spoolOn({ away: true })
    await spool.put('one', ahead).catch(() => {})
    const disk = await diskThatFails(when)
    await spool.put('two', ahead).catch(() => {})
    disk.mockRestore()
    await spool.put('three', ahead).catch(() => {})
    expect(problems).toContain('unwritable')
    expect(onDisk().join('').split('\n')).toHaveLength(3)
    expect(spool.kept()).toEqual([
      { record: 'one', durable: true },
      { record: 'two', durable: false },
      { record: 'three', durable: true },
    ])
    // Everything that a crash would leave is readable.
    const [file = ''] = files()
    const copy = path.join(dataDir, 'copy')
    mkdirSync(copy)
    copyFileSync(path.join(dataDir, file), path.join(copy, file))
    const next = await spoolOn({ dataDir: copy })
    expect(next).toMatchObject({ written: ['one again', 'three again'], problems: [] })
    // And the file is empty once everything is written.
    database.away = false
    await spool.drain(30_000)
    expect({ written, disk: onDisk() }).toEqual({
      written: ['one again', 'two again', 'three again'],
      disk: [''],
    })
  },
)

/** Like a disk that is full or failing: only half of each record is written. */
async function diskThatFails(when: string) {
  const any = await open(path.join(dataDir, 'any'), 'w')
  const prototype: FileHandle = Object.getPrototypeOf(any)
  await any.close()
  const failure = (code: string, syscall: string) => Object.assign(new Error(code), { code, syscall })
  if (when === 'syncing')
    return vi.spyOn(prototype, 'datasync').mockImplementation(async () => {
      throw failure('EIO', 'fdatasync')
    })
  return vi.spyOn(prototype, 'appendFile').mockImplementation(async function (this: FileHandle, data) {
    const line = data as Buffer
    await this.write(line.subarray(0, line.length / 2))
    throw failure('ENOSPC', 'write')
  })
}

test('draining ends in time', async () => {
  const { spool } = await spoolOn({ away: true })
  await spool.put('one', ahead).catch(() => {})
  await spool.drain(300)
  expect(spool.kept()).toHaveLength(1)
})

test('a record that the database refuses is reported once, and does not block the others', async () => {
  const { spool, written, problems, database } = await spoolOn({ away: true })
  for (const record of ['bad', 'good']) await spool.put(record, ahead).catch(() => {})
  Object.assign(database, { away: false, refuses: 'bad' })
  // Nor a shutdown: the next process finds it.
  await spool.drain(600_000)
  expect({ written, problems }).toEqual({ written: ['good again'], problems: ['undeliverable'] })
  expect(spool.kept()).toEqual([{ record: 'bad', durable: true }])
  expect(spool.waiting()).toBe(0)
})
