import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Settings } from './console'

const MB = 1024 * 1024

/** A separate disk for a console's data folder, which a test can fill and empty. */
export interface SmallDisk {
  settings: Settings
  /** Uses up all remaining space, as any other program might. */
  fill(): void
  /** Frees what `fill` used. */
  empty(): void
  end(): void
}

/** A real disk if file systems can be mounted; otherwise the console is shown the free space that a file states. */
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
  const fillers: string[] = []
  return {
    settings: {},
    fill() {
      const { bavail, bsize } = statfsSync(folder)
      const file = path.join(folder, `filler-${fillers.length}`)
      fillers.push(file)
      try {
        writeFileSync(file, Buffer.alloc(bavail * bsize, 1))
      } catch (error) {
        // The console wrote meanwhile: the disk is full anyway.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    },
    empty() {
      for (const file of fillers.splice(0)) rmSync(file)
    },
  }
}

/** Used space stays used: what the console frees itself, the next `fill` uses up as well. */
function reportedDisk(folder: string): Pick<SmallDisk, 'settings' | 'fill' | 'empty'> {
  const free = path.join(folder, 'free')
  const script = path.join(folder, 'statfs.mjs')
  let reserveMB = 32
  const report = (megabytes: number) => writeFileSync(free, String(megabytes * MB))
  report(1024)
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
      // The first time, the console releases its reserve.
      report(reserveMB)
      reserveMB = 0
    },
    empty() {
      report(1024)
      reserveMB = 32
    },
  }
}
