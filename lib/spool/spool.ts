import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isStorageAway, type Vault } from '@/lib/db'
import { openSpoolFile, type SpoolFile, type SpoolProblem } from './file'

const retryMs = 1_000
/** Where the database answers and refuses: its fault is not one of moments. */
const retryRefusedMs = 30_000

export interface SpoolOptions<R, T> {
  /** Where records outlive the process; null = nowhere. */
  dataDir: string | null
  vault: Vault
  /**
   * Writes a record to the database.
   * @param again it may have been written before: then this must change nothing
   */
  deliver(record: R, again: boolean): Promise<T>
  report(problem: SpoolProblem | 'undeliverable', facts: Record<string, unknown>): void
}

/** A record could not be written yet; it is kept, and written as soon as that can be done. */
export class Kept extends Error {
  override readonly name = 'Kept'
}

/** By shape: see decision 002. */
export function isKept(error: unknown): boolean {
  return error instanceof Error && error.name === 'Kept'
}

export type Spool<R, T> = ReturnType<typeof createSpool<R, T>>

/**
 * Records that must reach the database, however long it is away. They are kept in memory and, sealed, in a file of the
 * data folder, so that they outlive the process where the folder can be written.
 */
export function createSpool<R, T>({ dataDir, vault, deliver, report }: SpoolOptions<R, T>) {
  const kept = new Map<string, R>()
  /** Of those kept: on disk as well. */
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
    // A record that stays in the file is delivered once more, which changes nothing.
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

  /** Oldest first. One that the database refuses does not hold up the others. */
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
     * @param ahead it goes to the file first, so that not even a crash loses it; else only once the database failed
     * @throws Kept when it is kept for later
     */
    async put(record: R, { ahead }: { ahead: boolean }): Promise<T> {
      const id = randomUUID()
      if (ahead) await append(id, record)
      try {
        const result = await deliver(record, false).catch((error) => {
          // A database that stumbles once gets a second chance at once.
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

    /** What waiting for the database may still save: not what it refused, and the next process finds. */
    waiting,

    /** Waits until nothing waits for the database, at most so long. */
    async drain(ms: number): Promise<void> {
      const ends = performance.now() + ms
      while (waiting() > 0 && performance.now() < ends) {
        await Promise.race([tryAll(), sleep(Math.max(0, ends - performance.now()))])
        if (waiting() > 0) await sleep(Math.min(250, Math.max(0, ends - performance.now())))
      }
    },

    /** What is kept, and whether the next process finds it. */
    kept: () => [...kept].map(([id, record]) => ({ record, durable: durable.has(id) })),

    async close(): Promise<void> {
      clearTimeout(timer)
      await file?.close()
    },
  }
}
