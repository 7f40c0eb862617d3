import { closeSync, fsyncSync, openSync } from 'node:fs'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/** The parts of Emscripten's NODEFS used here; its own types omit them. */
interface HostFiles {
  realPath(node: unknown): string
  stream_ops: {
    fsync?: (stream: { nfd?: number; node: unknown }) => number
    write(stream: unknown, buffer: Uint8Array, offset: number, length: number, position: number): number
  }
}

/** Emscripten's numbers for EDQUOT and ENOSPC. */
const NO_SPACE = new Set<unknown>([19, 51])

/**
 * PGlite's Node file system with a real fsync: as shipped it has none, and a power cut could lose acknowledged commits.
 * It relies on Emscripten's internals, so the version of PGlite is pinned and a test counts the calls.
 */
export class DurableNodeFS extends NodeFS {
  /** How often the engine has synced a file or folder to disk. */
  syncs = 0
  readonly #writeRefused: () => boolean

  /** @param writeRefused called when the disk is full; returns whether to repeat the write */
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
      // After a failed fsync the kernel may report success for pages it has dropped: fail from then on.
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

  /** The engine may not survive a write that a full disk refuses: free space and repeat the write before it notices. */
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

/** Syncs a folder's entries to disk. Windows has no such call: its file system journals them. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
