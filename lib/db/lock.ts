import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartupFault } from '../startup-fault.ts'

const SQLITE_BUSY = 5
/** Muster's files in its data folder, including the names of unfinished ones. */
const OURS = /^(lock\.db|db|secret|outcomes|sandbox\.json)(\.|-|$)/
/** Hidden files and those of a newly mounted disk: they do not show that the folder is in use. */
const IGNORED = /^(\.|lost\+found$)/

/**
 * Locks the data folder for this process. The embedded engine itself would let two processes in and lose rows. It is a
 * kernel lock, taken through an SQLite file, so it is released as soon as the process ends, however it ends. Nothing else
 * may open `lock.db`: closing any handle to it would drop the lock. It does not work on network file systems.
 */
export function takeLock(dataDir: string): { release(): void } {
  let lock: { release(): void } | null
  try {
    makeFolder(dataDir)
    refuseUnrelated(dataDir)
    lock = lockFile(join(dataDir, 'lock.db'))
  } catch (error) {
    throw error instanceof StartupFault ? error : unwritable(dataDir, error)
  }
  if (lock) return lock
  throw new StartupFault(
    'MUSTER_DATA_DIR',
    `the data folder ${dataDir} is in use by another Muster process`,
    'stop that process, or set MUSTER_DATA_DIR=/var/lib/muster-2',
  )
}

/** Takes a kernel lock on a lock file; null if another process holds it. */
export function lockFile(path: string): { release(): void } | null {
  const file = new DatabaseSync(path)
  try {
    file.exec('pragma busy_timeout=0; begin exclusive')
    return { release: () => file.close() }
  } catch (error) {
    file.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return null
    throw error
  }
}

/** Node's `recursive` option never returns if a file system refuses a new folder with ENOENT, as kernel file systems do. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return
  if (dirname(path) !== path) makeFolder(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    // Another process may have created it in the meantime.
    if (!existsSync(path)) throw error
  }
}

/** A mistyped path must not turn an unrelated folder into a data folder, which a user may later delete as a whole. */
function refuseUnrelated(dataDir: string): void {
  const names = readdirSync(dataDir).filter((name) => !IGNORED.test(name))
  if (names.length === 0 || names.some((name) => OURS.test(name))) return
  throw new StartupFault(
    'MUSTER_DATA_DIR',
    `the folder ${dataDir} contains files of something else (${names[0]})`,
    'MUSTER_DATA_DIR=/var/lib/muster, an empty or new folder',
  )
}

/** The fault for a data folder that cannot be created or written to. */
export function unwritable(dataDir: string, cause: unknown): StartupFault {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StartupFault(
    'MUSTER_DATA_DIR',
    `the data folder ${dataDir} cannot be written (${reason})`,
    'MUSTER_DATA_DIR=/var/lib/muster',
  )
}
