import { closeSync, fsyncSync, openSync } from 'node:fs'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/** The parts of Emscripten's NODEFS that this file reaches for; its own types leave them out. */
interface HostFiles {
  realPath(node: unknown): string
  stream_ops: {
    fsync?: (stream: { nfd?: number; node: unknown }) => number
    write(stream: unknown, buffer: Uint8Array, offset: number, length: number, position: number): number
  }
}

/** Emscripten's numbers of EDQUOT and ENOSPC. */
const NO_SPACE = new Set<unknown>([19, 51])

/**
 * PGlite's Node file system with a real fsync: as shipped it has none, and a power cut could lose
 * acknowledged commits. It leans on Emscripten's internals, so the version of PGlite is pinned and a test
 * counts the calls.
 */
export class DurableNodeFS extends NodeFS {
  /** How often the engine has forced a file or folder to disk. */
  syncs = 0
  readonly #writeRefused: () => boolean

  /** @param writeRefused called when the disk is full; answers whether the write is worth another try */
  constructor(folder: string, writeRefused = () => false) {
    super(folder)
    this.#writeRefused = writeRefused
  }

  override async init(...[pg, options]: Parameters<NodeFS['init']>) {
    const { emscriptenOpts } = await super.init(pg, options)
    const preRun = [
      ...(emscriptenOpts.preRun ?? []),
      (module: { NODEFS: unknown }) => {
        this.#addFsync(module.NODEFS as HostFiles)
        this.#repeatRefusedWrites(module.NODEFS as HostFiles)
      },
    ]
    return { emscriptenOpts: { ...emscriptenOpts, preRun } }
  }

  #addFsync(files: HostFiles) {
    let failure: unknown
    files.stream_ops.fsync = ({ nfd, node }) => {
      // After one failed fsync the kernel may report success for pages it has dropped: never trust it again.
      if (failure) throw failure
      try {
        if (nfd === undefined) syncFolder(files.realPath(node))
        else fsyncSync(nfd)
      } catch (error) {
        failure = error
        throw error
      }
      this.syncs += 1
      return 0
    }
  }

  /** The engine does not survive every write that a full disk refuses: room is made before it learns of one. */
  #repeatRefusedWrites({ stream_ops: ops }: HostFiles) {
    const write = ops.write
    const refused = this.#writeRefused
    ops.write = (stream, buffer, offset, length, position) => {
      try {
        const written = write(stream, buffer, offset, length, position)
        if (written === length || !refused()) return written
        return written + write(stream, buffer, offset + written, length - written, position + written)
      } catch (error) {
        const noSpace = error instanceof Object && 'errno' in error && NO_SPACE.has(error.errno)
        if (!noSpace || !refused()) throw error
        return write(stream, buffer, offset, length, position)
      }
    }
  }
}

/** Forces a folder's entries to disk. Windows has no such call: its file system journals them. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
