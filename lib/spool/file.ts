import { randomUUID } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { type FileHandle, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { lockFile, makeFolder, syncFolder, type Vault } from '@/lib/db'

/** What is wrong with the folder or a file in it; the spool continues without what it cannot use. */
export type SpoolProblem = 'unwritable' | 'in_use' | 'other_secret' | 'unreadable'

export interface SpoolFile {
  /** Complete records of an earlier process, oldest first. */
  left: Map<string, unknown>
  /** Resolves once the record is on disk. */
  append(id: string, record: unknown): Promise<void>
  /** Drops a record; the file is emptied when none is left. */
  remove(id: string): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the file of this secret's records, for this process alone: one record per line, with its id and its
 * sealed JSON.
 * @returns null if none can be used
 */
export async function openSpoolFile(
  dataDir: string,
  vault: Vault,
  report: (problem: SpoolProblem, facts: Record<string, unknown>) => void,
): Promise<SpoolFile | null> {
  const name = `outcomes-${vault.fingerprint('muster', 'spool').slice(0, 12)}.spool`
  const path = join(dataDir, name)
  let lock: { release(): void } | null = null
  try {
    makeFolder(dataDir)
    lock = lockFile(join(dataDir, 'outcomes.lock.db'))
    if (!lock) {
      report('in_use', { dataDir })
      return null
    }
    for (const other of readdirSync(dataDir).filter((one) => /^outcomes-.+\.spool$/.test(one)))
      if (other !== name && statSync(join(dataDir, other)).size > 0)
        report('other_secret', { file: join(dataDir, other) })
    const { records, torn, unreadable } = await read(path, vault)
    if (unreadable > 0) {
      const aside = `${path}.unreadable-${randomUUID()}`
      await rename(path, aside)
      report('unreadable', { file: aside, lines: unreadable })
    }
    const handle = await open(path, 'a', 0o600)
    syncFolder(dataDir)
    if (unreadable === 0 && torn !== null) await handle.truncate(torn)
    const file = writer(handle, (await handle.stat()).size, lock, vault, records)
    if (unreadable > 0) for (const [id, record] of records) await file.append(id, record)
    return file
  } catch (error) {
    lock?.release()
    const { code, syscall } = error as NodeJS.ErrnoException
    report('unwritable', { dataDir, code, syscall })
    return null
  }
}

/** @param size of the file in bytes; it holds only complete records */
function writer(
  handle: FileHandle,
  size: number,
  lock: { release(): void },
  vault: Vault,
  left: Map<string, unknown>,
): SpoolFile {
  const kept = new Set(left.keys())
  let whole = size
  let torn = false
  /** A failed append may leave half a record, which would run into the next one. */
  async function cutBack(): Promise<void> {
    await handle.truncate(whole)
    torn = false
  }
  let turn: Promise<unknown> = Promise.resolve()
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = turn.then(work)
    turn = done.catch(() => {})
    return done
  }
  return {
    left,
    append(id, record) {
      kept.add(id)
      return inTurn(async () => {
        const line = Buffer.from(`${id} ${vault.seal(JSON.stringify(record), contextOf(id))}\n`)
        try {
          if (torn) await cutBack()
          await handle.appendFile(line)
          await handle.datasync()
          whole += line.length
        } catch (error) {
          kept.delete(id)
          if (kept.size === 0) whole = 0
          torn = true
          // If this fails too, the next append tries it first.
          await cutBack().catch(() => {})
          throw error
        }
      })
    },
    remove(id) {
      kept.delete(id)
      // A record that stays longer is delivered again after a crash, which changes nothing.
      return inTurn(async () => {
        if (kept.size > 0) return
        whole = 0
        await cutBack()
      })
    },
    async close() {
      await turn
      await handle.close()
      lock.release()
    },
  }
}

/** @returns `torn` = the length in bytes without a last line that a crash cut short; null if there is none */
async function read(path: string, vault: Vault) {
  const text = await open(path, 'r').then(
    async (handle) => {
      try {
        return await handle.readFile('utf8')
      } finally {
        await handle.close()
      }
    },
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    },
  )
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const records = new Map<string, unknown>()
  let unreadable = 0
  for (const line of whole.split('\n').filter(Boolean)) {
    const [id = '', sealed = ''] = line.split(' ')
    try {
      records.set(id, JSON.parse(vault.open(sealed, contextOf(id))))
    } catch {
      unreadable += 1
    }
  }
  return { records, unreadable, torn: whole.length < text.length ? Buffer.byteLength(whole) : null }
}

function contextOf(id: string): string {
  return `outcome/${id}`
}
