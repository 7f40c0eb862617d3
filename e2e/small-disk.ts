import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Settings } from './console'

const MB = 1024 * 1024

/** A disk of its own for a console's data folder, which a test can fill and empty. */
export interface SmallDisk {
  settings: Settings
  /** Takes all the space that is left, as any other program might. */
  fill(): void
  /** Gives back what `fill` took. */
  empty(): void
  end(): void
}

/** A real one where file systems may be mounted. Elsewhere the console is told of one that has as much space as a file says. */
export function smallDisk(sizeMB: number): SmallDisk {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-disk-'))
  const dataDir = path.join(folder, 'disk', 'data')
  mkdirSync(path.dirname(dataDir))
  const mounted = mount(path.dirname(dataDir), sizeMB)
  const prepared = process.env.MUSTER_TEST_DATA_DIR
  if (prepared) cpSync(prepared, dataDir, { recursive: true })
  const disk = mounted ? realDisk(path.dirname(dataDir)) : reportedDisk(folder)
  return {
    ...disk,
    settings: { MUSTER_DATA_DIR: dataDir, ...disk.settings },
    end() {
      if (mounted) execFileSync('umount', [path.dirname(dataDir)])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function mount(folder: string, sizeMB: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMB}m`, 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function realDisk(folder: string): Pick<SmallDisk, 'settings' | 'fill' | 'empty'> {
  const taken: string[] = []
  return {
    settings: {},
    fill() {
      const { bavail, bsize } = statfsSync(folder)
      const file = path.join(folder, `taken-${taken.length}`)
      taken.push(file)
      try {
        writeFileSync(file, Buffer.alloc(bavail * bsize, 1))
      } catch (error) {
        // The console wrote meanwhile: the disk is full all the same.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    },
    empty() {
      for (const file of taken.splice(0)) rmSync(file)
    },
  }
}

/** Space that is taken is taken for good: what the console frees itself, the next `fill` takes as well. */
function reportedDisk(folder: string): Pick<SmallDisk, 'settings' | 'fill' | 'empty'> {
  const free = path.join(folder, 'free')
  const script = path.join(folder, 'statfs.mjs')
  let reserveMB = 32
  const tell = (megabytes: number) => writeFileSync(free, String(megabytes * MB))
  tell(1024)
  writeFileSync(
    script,
    `import fs from 'node:fs'
    import { syncBuiltinESMExports } from 'node:module'
    fs.statfsSync = () => ({ bavail: Number(fs.readFileSync(${JSON.stringify(free)}, 'utf8')), bsize: 1 })
    syncBuiltinESMExports()`,
  )
  return {
    settings: { NODE_OPTIONS: `--import=${script}` },
    fill() {
      // The first time the console gives its reserve back.
      tell(reserveMB)
      reserveMB = 0
    },
    empty() {
      tell(1024)
      reserveMB = 32
    },
  }
}
