import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { SandboxState, SavedState } from './state.ts'

const delayMs = 100

/**
 * Keeps the state in a JSON file: written shortly after a change, by renaming a finished temporary file, and
 * once more when closed. The file holds codes and phones, hence the mode.
 * @throws when an existing file cannot be read, with the way out in the message.
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
      // The emulator goes on from memory: a full disk must not end the process it is embedded in.
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
    // Falls through to the one message for everything that is not a state file of ours.
  }
  throw new Error(`Sandbox state file ${file} is not one this version can read; delete it to start afresh.`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
