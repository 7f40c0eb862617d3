import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import type { DiskSpace } from './disk.ts'
import { startUpkeep, type Upkeep, type UpkeepFailure } from './upkeep.ts'

/**
 * The embedded engine with its own upkeep; read-only while the disk is too full for it to survive a write.
 * Every statement and transaction goes through `_runExclusiveTransaction`, an internal of PGlite; a test relies on it.
 */
export class Engine extends PGlite {
  readonly #disk: DiskSpace | null
  readonly #upkeep: Upkeep
  #readOnly = false

  /** @param disk null for an in-memory database */
  constructor(options: PGliteOptions, disk: DiskSpace | null, onUpkeepFailure?: UpkeepFailure) {
    super(options)
    this.#disk = disk
    this.#upkeep = startUpkeep(
      async (statement) => (await this.query<Record<string, unknown>>(statement)).rows,
      {
        writable: () => disk?.writable ?? true,
        low: () => disk?.low ?? false,
      },
      onUpkeepFailure,
    )
  }

  override _runExclusiveTransaction<T>(work: () => Promise<T>): Promise<T> {
    return super
      ._runExclusiveTransaction(async () => {
        await this.#matchDisk()
        return work()
      })
      .finally(() => this.#upkeep.touch())
  }

  /** Closing writes a checkpoint. Skipped if there is no space for it: the WAL has everything, as after a crash. */
  override async close(): Promise<void> {
    await this.#upkeep.stop()
    if (this.#disk && !this.#disk.writable) return
    await super.close()
  }

  async #matchDisk(): Promise<void> {
    const readOnly = this.#disk !== null && !this.#disk.writable
    if (readOnly === this.#readOnly) return
    await this.execProtocol(simpleQuery(`set default_transaction_read_only = ${readOnly}`))
    this.#readOnly = readOnly
  }
}

/** A statement in the wire format: `exec()` would deadlock waiting for the lock held here. */
function simpleQuery(statement: string): Uint8Array {
  const text = Buffer.from(`${statement}\0`)
  const head = Buffer.alloc(5)
  head.write('Q')
  head.writeInt32BE(text.length + 4, 1)
  return Buffer.concat([head, text])
}
