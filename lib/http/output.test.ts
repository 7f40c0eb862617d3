import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

const output = pathToFileURL(path.join(import.meta.dirname, 'output.ts')).href

/** Writes a line a message after its readers have gone, and tells what it could not deal with. */
const writer = `
  import { outliveReaders } from '${output}'
  outliveReaders()
  const uncaught = []
  process.on('uncaughtException', (error) => uncaught.push(error.code))
  process.on('message', () => {
    process.stdout.write('nobody reads this\\n')
    process.stderr.write('nor this\\n')
    setImmediate(() => setImmediate(() => process.send(uncaught)))
  })
  process.send('ready')
`

test('a line that nobody reads is lost, and the process goes on', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', writer], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  try {
    await once(child, 'message')
    child.stdout?.destroy()
    child.stderr?.destroy()
    for (let line = 0; line < 3; line++) {
      child.send('write')
      expect(await once(child, 'message')).toEqual([[], undefined])
    }
  } finally {
    child.kill()
  }
})
