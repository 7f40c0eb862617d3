import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartupFault } from '../startup-fault.ts'
import { syncFolder } from './durable-fs.ts'

/**
 * The generated secret of a console with an embedded database; it is stored in the data folder and moves with it.
 * @param make whether to create a missing one: only while nothing has been encrypted with it
 * @throws StartupFault
 */
export function ownSecret(dataDir: string, make: boolean): Buffer {
  const file = join(dataDir, 'secret')
  const restore = `restore it from the backup of the data folder: cp backup/secret ${file}`
  const text = read(file, dataDir, make)
  if (text === undefined) {
    throw new StartupFault(
      file,
      'it is missing and MUSTER_SECRET is not set, but the database was encrypted with one of them',
      `set MUSTER_SECRET to its earlier value; if it was never set, ${restore}`,
    )
  }
  const secret = Buffer.from(text.trim(), 'base64')
  if (secret.length !== 32) throw new StartupFault(file, 'it does not contain 32 bytes in base64', restore)
  return secret
}

function read(file: string, dataDir: string, make: boolean): string | undefined {
  try {
    if (!existsSync(file)) {
      if (!make) return undefined
      write(file, dataDir, randomBytes(32).toString('base64'))
    }
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    throw new StartupFault(
      file,
      `it cannot be read or written (${syscall} ${code})`,
      'MUSTER_DATA_DIR=/var/lib/muster, a folder that this user can write to',
    )
  }
}

/** Complete and on disk before anything is encrypted with it, even if the process or the machine stops. */
function write(file: string, dataDir: string, text: string): void {
  const unfinished = `${file}.unfinished`
  const handle = openSync(unfinished, 'w', 0o600)
  try {
    writeFileSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(unfinished, file)
  syncFolder(dataDir)
}
