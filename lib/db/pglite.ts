import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import { StartupFault } from '../startup-fault.ts'
import type { Db, RunSql } from './db.ts'
import { type DiskOptions, DiskSpace, ENGINE_MIN_BYTES, MB } from './disk.ts'
import { DurableNodeFS, syncFolder } from './durable-fs.ts'
import { Engine } from './engine.ts'
import { takeLock, unwritable } from './lock.ts'
import { applyMigrations } from './migrate.ts'
import type { UpkeepFailure } from './upkeep.ts'

const IN_MEMORY = [
  ...PGlite.defaultStartParams,
  // 16 MB of buffers instead of 128 MB halves the memory that the engine adds to the process.
  ...setting('shared_buffers', '16MB'),
  // With a checkpoint every 16 MB (`upkeep.ts`) more is never needed; used segments are recycled.
  ...setting('min_wal_size', '32MB'),
  ...setting('max_wal_size', '64MB'),
]
// Without -F the engine uses fsync, and with this method it makes the call that `DurableNodeFS` implements.
const ON_DISK = [...IN_MEMORY.filter((flag) => flag !== '-F'), ...setting('wal_sync_method', 'fsync')]

function setting(name: string, value: string): string[] {
  return ['-c', `${name}=${value}`]
}

/** A new data folder requires 45 MB plus its first WAL segments. */
const SET_UP_MIN_BYTES = 128 * MB

interface PgliteOptions {
  dataDir?: string
  migrationsDir: string
  onFirstStart?: () => void
  disk?: DiskOptions
  onUpkeepFailure?: UpkeepFailure
  /** Speeds up the start of an in-memory database. */
  template?: PgliteTemplate
}

export interface PgliteTemplate {
  /** An earlier dump, loaded instead of starting from an empty folder. */
  dataDir: Blob
  /** Compiled once per process. */
  engine: WebAssembly.Module
}

export interface OpenedPglite {
  db: Db
  run: RunSql
  client: PGlite
  files?: DurableNodeFS
  /** Null for an in-memory database. */
  disk: DiskSpace | null
  close(): Promise<void>
}

/** Opens the embedded engine, in its data folder or in memory. */
export async function openPglite({
  dataDir,
  migrationsDir,
  onFirstStart,
  disk: diskOptions,
  onUpkeepFailure,
  template,
}: PgliteOptions): Promise<OpenedPglite> {
  if (!dataDir) {
    const client = new Engine(
      { startParams: IN_MEMORY, loadDataDir: template?.dataDir, pgliteWasmModule: template?.engine },
      null,
      onUpkeepFailure,
    )
    await client.waitReady
    return {
      db: await migrated(client, migrationsDir),
      run: runOn(client),
      client,
      disk: null,
      close: () => client.close(),
    }
  }
  const lock = takeLock(dataDir)
  try {
    const folder = join(dataDir, 'db')
    const disk = new DiskSpace(dataDir, diskOptions)
    const exists = existsSync(join(folder, 'PG_VERSION'))
    requireSpace(disk, exists ? 'open' : 'set up')
    if (!exists) {
      onFirstStart?.()
      await setUp(dataDir, folder)
    }
    const files = new DurableNodeFS(folder, () => disk.writeRefused())
    const client = await openFolder(files, folder, disk, onUpkeepFailure)
    const close = () => client.close().finally(lock.release)
    const db = await migrated(client, migrationsDir)
    await disk.allowsChanges()
    return { db, run: runOn(client), client, files, disk, close }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Migrates the database of a running engine; if that fails, the engine is closed. */
export async function migrated(client: PGlite, migrationsDir: string): Promise<Db> {
  // With both drivers `execute()` returns an object with `rows`; only its type differs.
  const db = drizzle(client) as unknown as Db
  const run = (folder: string) => migrate(drizzle(client), { migrationsFolder: folder })
  try {
    await applyMigrations(db, run, migrationsDir, 'MUSTER_DATA_DIR')
    return db
  } catch (error) {
    await client.close()
    throw error
  }
}

/** Inside a transaction of the engine's own: after a failure of several statements, nobody else gets into the broken one. */
function runOn(client: PGlite): RunSql {
  return async (text, values) => {
    const [, several] = /^\s*BEGIN;([\s\S]*)COMMIT;\s*$/.exec(text) ?? []
    if (several === undefined) return client.query(text, values)
    const results = await client.transaction((tx) => tx.exec(several))
    return { rows: results.flatMap(({ rows }) => rows) }
  }
}

/**
 * Creates a new data folder under a temporary name, and renames it only when it is complete and on disk, so that an
 * interrupted start leaves nothing that looks like a database.
 */
async function setUp(dataDir: string, folder: string): Promise<void> {
  const unfinished = `${folder}.unfinished`
  try {
    if (existsSync(folder) && readdirSync(folder).length > 0)
      throw new Error(`${folder} contains files of something else`)
    rmSync(unfinished, { recursive: true, force: true })
    const client = await PGlite.create({ fs: new DurableNodeFS(unfinished), startParams: IN_MEMORY })
    await client.close()
    syncTree(unfinished)
    renameSync(unfinished, folder)
    syncFolder(dataDir)
  } catch (error) {
    throw unwritable(dataDir, error)
  }
}

function syncTree(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name)
    if (entry.isDirectory()) syncTree(child)
    else if (entry.isFile()) {
      const handle = openSync(child, 'r+')
      try {
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
    }
  }
  syncFolder(path)
}

async function openFolder(
  files: DurableNodeFS,
  folder: string,
  disk: DiskSpace,
  onUpkeepFailure?: UpkeepFailure,
): Promise<Engine> {
  try {
    const client = new Engine({ fs: files, startParams: ON_DISK }, disk, onUpkeepFailure)
    await client.waitReady
    return client
  } catch (error) {
    throw new StartupFault(
      'MUSTER_DATA_DIR',
      `the embedded database in ${folder} cannot be opened (${error instanceof Error ? error.message : error})`,
      'restore a copy of the folder made while Muster was stopped, or set MUSTER_DATA_DIR to a new folder',
    )
  }
}

/** The engine does not survive a full disk while starting either. */
function requireSpace(disk: DiskSpace, work: 'open' | 'set up'): void {
  const needed = work === 'open' ? ENGINE_MIN_BYTES : SET_UP_MIN_BYTES
  if (disk.low && disk.freeBytes() < needed) {
    throw new StartupFault(
      'MUSTER_DATA_DIR',
      `the disk of ${disk.folder} has ${Math.floor(disk.freeBytes() / MB)} MB left; ${needed / MB} MB are required to ${work} the database`,
      'free up space, or set MUSTER_DATA_DIR to a folder on another disk',
    )
  }
}
