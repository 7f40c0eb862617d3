import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isStorageAway, type Vault } from '@/lib/db'
import { openSpoolFile, type SpoolFile, type SpoolProblem } from './file'

const retryMs = 1_000
/** If the database responds but refuses the record: such a fault takes longer to clear. */
const retryRefusedMs = 30_000

export interface SpoolOptions<R, T> {
  /** Folder in which records outlive the process; null = none. */
  dataDir: string | null
  vault: Vault
  /**
   * Writes a record to the database.
   * @param again it may have been written before; then this must change nothing
   */
  deliver(record: R, again: boolean): Promise<T>
  report(problem: SpoolProblem | 'undeliverable', facts: Record<string, unknown>): void
}

/** A record could not be written yet. It is kept, and written as soon as possible. */
export class Kept extends Error {
  override readonly name = 'Kept'
}

/** Checked by shape: see decision 002. */
export function isKept(error: unknown): boolean {
  return error instanceof Error && error.name === 'Kept'
}

export type Spool<R, T> = ReturnType<typeof createSpool<R, T>>

/**
 * Records that must reach the database, however long it is unavailable. They are kept in memory and, sealed,
 * in a file in the data folder, so that they outlive the process if the folder is writable.
 */
export function createSpool<R, T>({ dataDir, vault, deliver, report }: SpoolOptions<R, T>) {
  const kept = new Map<string, R>()
  /** Of the kept records, those that are also on disk. */
  const durable = new Set<string>()
  const reported = new Set<string>()
  let file: SpoolFile | null = null
  let round: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined

  async function append(id: string, record: R): Promise<void> {
    try {
      await file?.append(id, record)
      if (file) durable.add(id)
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException
      report('unwritable', { dataDir, code, syscall })
    }
  }

  async function delivered(id: string): Promise<void> {
    kept.delete(id)
    reported.delete(id)
    // A record that stays in the file is delivered again, which changes nothing.
    if (durable.delete(id)) await file?.remove(id).catch(() => {})
  }

  function waiting(): number {
    return [...kept.keys()].filter((id) => !(reported.has(id) && durable.has(id))).length
  }

  function schedule(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void tryAll(), ms).unref()
  }

  function tryAll(): Promise<void> {
    round ??= tryEach().finally(() => {
      round = null
    })
    return round
  }

  /** Oldest first. A record that the database refuses does not block the others. */
  async function tryEach(): Promise<void> {
    let next = retryMs
    for (const [id, record] of kept) {
      try {
        await deliver(record, true)
        await delivered(id)
      } catch (error) {
        next = isStorageAway(error) ? retryMs : retryRefusedMs
        if (isStorageAway(error)) break
        const name = error instanceof Error ? error.name : typeof error
        if (!reported.has(id)) report('undeliverable', { error: name })
        reported.add(id)
      }
    }
    if (kept.size > 0) schedule(next)
  }

  return {
    /** Writes what an earlier process left behind. */
    async recover(): Promise<void> {
      if (dataDir === null) return
      file = await openSpoolFile(dataDir, vault, report)
      for (const [id, record] of file?.left ?? []) {
        kept.set(id, record as R)
        durable.add(id)
      }
      await tryAll()
    },

    /**
     * Writes a record.
     * @param ahead write it to the file first, so that not even a crash loses it; otherwise only if the
     * database failed
     * @throws Kept if it is kept for later
     */
    async put(record: R, { ahead }: { ahead: boolean }): Promise<T> {
      const id = randomUUID()
      if (ahead) await append(id, record)
      try {
        const result = await deliver(record, false).catch((error) => {
          // Any other failure: try once more immediately.
          if (isStorageAway(error)) throw error
          return deliver(record, true)
        })
        await delivered(id)
        return result
      } catch (error) {
        kept.set(id, record)
        if (!durable.has(id)) await append(id, record)
        schedule(retryMs)
        throw new Kept('kept for later', { cause: error })
      }
    },

    /**
     * The number of records worth waiting for. A record that the database refused does not count if it is on
     * disk, where the next process finds it.
     */
    waiting,

    /** Waits until no record is waiting for the database, but no longer than `ms`. */
    async drain(ms: number): Promise<void> {
      const ends = performance.now() + ms
      while (waiting() > 0 && performance.now() < ends) {
        await Promise.race([tryAll(), sleep(Math.max(0, ends - performance.now()))])
        if (waiting() > 0) await sleep(Math.min(250, Math.max(0, ends - performance.now())))
      }
    },

    /** The kept records, and whether the next process finds them. */
    kept: () => [...kept].map(([id, record]) => ({ record, durable: durable.has(id) })),

    async close(): Promise<void> {
      clearTimeout(timer)
      await file?.close()
    },
  }
}
