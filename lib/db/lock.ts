import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartupFault } from '../startup-fault.ts'

const SQLITE_BUSY = 5

/**
 * Makes this process the only one to use the data folder. The embedded engine itself would let two
 * processes in and lose their rows. The lock is the kernel's, taken through an SQLite file, so it is gone
 * the moment its process is, however it ended. Nothing else may open `lock.db`: closing any handle to it
 * would drop the lock. It does not hold on network file systems.
 */
export function takeLock(dataDir: string): { release(): void } {
  let file: DatabaseSync | undefined
  try {
    mkdirSync(dataDir, { recursive: true })
    file = new DatabaseSync(join(dataDir, 'lock.db'))
    file.exec('pragma busy_timeout=0; begin exclusive')
  } catch (error) {
    file?.close()
    const inUse = error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
    throw inUse
      ? new StartupFault(
          'MUSTER_DATA_DIR',
          `the data folder ${dataDir} is in use by another Muster`,
          'stop the other one, or set MUSTER_DATA_DIR=/var/lib/muster-2',
        )
      : unwritable(dataDir, error)
  }
  return { release: () => file.close() }
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
