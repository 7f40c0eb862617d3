import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { SandboxState, SavedState } from './state.ts'

const delayMs = 100

/**
 * Keeps the state in a JSON file, written shortly after each change and on `flush`. Writes go to a temporary file that
 * is then renamed. The file holds codes and phone numbers, so only its owner may read it.
 * @throws if an existing file cannot be read; the message says what to do
 */
export function keepInFile(state: SandboxState, file: string): { flush(): void } {
  mkdirSync(dirname(file), { recursive: true })
  const saved = read(file)
  if (saved) state.restore(saved)
  let timer: NodeJS.Timeout | undefined

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    const temporary = `${file}.${process.pid}.tmp`
    writeFileSync(temporary, JSON.stringify(state.save()), { mode: 0o600 })
    renameSync(temporary, file)
  }

  function flushInBackground(): void {
    try {
      flush()
    } catch (error) {
      // The emulator continues in memory: a full disk must not crash the process it is embedded in.
      process.emitWarning(`Sandbox state was not saved to ${file}: ${messageOf(error)}`)
    }
  }

  state.onChange = () => {
    timer ??= setTimeout(flushInBackground, delayMs).unref()
  }
  return { flush }
}

function read(file: string): SavedState | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new Error(`Sandbox state file ${file} cannot be read: ${messageOf(error)}`)
  }
  try {
    const saved = JSON.parse(text) as SavedState
    if (saved.format === 1) return saved
  } catch {
    // Falls through to the error below, which covers every file that is not one of our state files.
  }
  throw new Error(`Sandbox state file ${file} is not one this version can read; delete it to start over.`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
