import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartupFault } from '../startup-fault.ts'

const SQLITE_BUSY = 5
/** What Muster keeps in its data folder, with the names it gives to unfinished files. */
const OURS = /^(lock\.db|db|secret|outcomes|sandbox\.json)(\.|-|$)/
/** Hidden files and what a mounted disk brings along say nothing about what a folder is for. */
const ANYBODYS = /^(\.|lost\+found$)/

/**
 * Makes this process the only one to use the data folder. The embedded engine itself would let two
 * processes in and lose their rows. The lock is the kernel's, taken through an SQLite file, so it is gone
 * the moment its process is, however it ended. Nothing else may open `lock.db`: closing any handle to it
 * would drop the lock. It does not hold on network file systems.
 */
export function takeLock(dataDir: string): { release(): void } {
  let lock: { release(): void } | null
  try {
    makeFolder(dataDir)
    refuseForeign(dataDir)
    lock = lockFile(join(dataDir, 'lock.db'))
  } catch (error) {
    throw error instanceof StartupFault ? error : unwritable(dataDir, error)
  }
  if (lock) return lock
  throw new StartupFault(
    'MUSTER_DATA_DIR',
    `the data folder ${dataDir} is in use by another Muster`,
    'stop the other one, or set MUSTER_DATA_DIR=/var/lib/muster-2',
  )
}

/** The kernel's lock on a file of its own; null while another process has it. */
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

/** Node's own `recursive` never returns where a file system refuses a new folder with ENOENT, as the kernel's do. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return
  if (dirname(path) !== path) makeFolder(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(path)) throw error
  }
}

/** A mistyped path must not make someone else's folder ours, which may be removed as a whole. */
function refuseForeign(dataDir: string): void {
  const names = readdirSync(dataDir).filter((name) => !ANYBODYS.test(name))
  if (names.length === 0 || names.some((name) => OURS.test(name))) return
  throw new StartupFault(
    'MUSTER_DATA_DIR',
    `the folder ${dataDir} holds something else (${names[0]})`,
    'MUSTER_DATA_DIR=/var/lib/muster, an empty folder or a new one',
  )
}

/** The fault of a data folder that cannot be created or written. */
export function unwritable(dataDir: string, cause: unknown): StartupFault {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StartupFault(
    'MUSTER_DATA_DIR',
    `the data folder ${dataDir} cannot be written (${reason})`,
    'MUSTER_DATA_DIR=/var/lib/muster',
  )
}
