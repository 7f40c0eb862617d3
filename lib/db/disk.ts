import { randomBytes } from 'node:crypto'
import { existsSync, rmSync, statfsSync, statSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

export const MB = 1024 * 1024

/** Free space, not counting the reserve, below which no change may begin. */
const FREE_MIN_BYTES = 32 * MB
export const RESERVE_BYTES = 32 * MB
/**
 * Below this the engine is read-only: if a WAL segment (16 MB) cannot be created, the engine loops forever and ignores
 * even signals.
 */
export const ENGINE_MIN_BYTES = 20 * MB
/** If free space looks sufficient but the reserve cannot be written (a quota), do not retry with every request. */
const RETRY_AFTER_MS = 5_000

export interface DiskOptions {
  /** Replaces the file system's own figure, for tests. */
  freeBytes?: () => number
  /** Called when changes start to be refused (true), and when they are possible again (false). */
  onLow?: (low: boolean) => void
}

/**
 * The disk space left for the embedded database. A reserve file is kept in the data folder and deleted when the disk runs
 * low, so that the outcomes of in-flight calls can still be stored even if another program fills the disk completely.
 * Changes are allowed only while the reserve is in place.
 */
export class DiskSpace {
  readonly folder: string
  /** How much this process can still write. */
  readonly freeBytes: () => number
  readonly #file: string
  readonly #onLow: (low: boolean) => void
  #held: boolean
  #low = false
  /** The file system refused a write although `statfs` shows space. */
  #refused = false
  #restoring: Promise<void> | undefined
  #retryAt = 0

  constructor(folder: string, { freeBytes, onLow = () => {} }: DiskOptions = {}) {
    this.folder = folder
    this.#file = join(folder, 'db.reserve')
    this.freeBytes = freeBytes ?? (() => freeBytesOf(folder))
    this.#onLow = onLow
    this.#held = existsSync(this.#file) && statSync(this.#file).size === RESERVE_BYTES
  }

  /** Whether changes may begin. Waits until the reserve is restored if there is space for it again. */
  async allowsChanges(): Promise<boolean> {
    this.#check()
    await this.#restoring
    return this.#held
  }

  /** The inverse of `allowsChanges`, without waiting: the reserve is restored in the background. */
  get low(): boolean {
    this.#check()
    return !this.#held
  }

  /** Whether the engine may write at all. */
  get writable(): boolean {
    return !this.low || (!this.#refused && this.freeBytes() >= ENGINE_MIN_BYTES)
  }

  /** Call when a write was refused for lack of space. @returns whether space was freed, so that the write can be repeated */
  writeRefused(): boolean {
    const released = this.#held
    // Read before the reserve is released, which frees space itself.
    this.#refused = this.freeBytes() >= ENGINE_MIN_BYTES
    this.#release()
    return released
  }

  #check(): void {
    const free = this.freeBytes()
    if (this.#held && free < FREE_MIN_BYTES) this.#release()
    const room = free >= FREE_MIN_BYTES + RESERVE_BYTES
    if (!this.#held && room && !this.#restoring && performance.now() >= this.#retryAt) {
      this.#restoring = this.#restore().finally(() => {
        this.#restoring = undefined
      })
    }
    if (!this.#held && !this.#restoring) this.#report(true)
  }

  #report(low: boolean): void {
    if (low !== this.#low) this.#onLow(low)
    this.#low = low
  }

  #release(): void {
    rmSync(this.#file, { force: true })
    this.#held = false
    this.#report(true)
  }

  /** Filled with random bytes: a sparse or compressed file would reserve nothing. */
  async #restore(): Promise<void> {
    const unfinished = `${this.#file}.unfinished`
    try {
      const file = await open(unfinished, 'w', 0o600)
      try {
        for (let written = 0; written < RESERVE_BYTES; written += MB) await file.writeFile(randomBytes(MB))
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(unfinished, this.#file)
      this.#held = true
      this.#refused = false
      this.#report(false)
    } catch {
      await rm(unfinished, { force: true }).catch(() => {})
      this.#retryAt = performance.now() + RETRY_AFTER_MS
    }
  }
}

function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
