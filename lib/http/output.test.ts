import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

const output = pathToFileURL(path.join(import.meta.dirname, 'output.ts')).href

/** Writes to both outputs on each message, and reports uncaught exceptions. */
const writer = `
  import { ignoreOutputErrors } from '${output}'
  ignoreOutputErrors()
  const uncaught = []
  process.on('uncaughtException', (error) => uncaught.push(error.code))
  process.on('message', () => {
    process.stdout.write('no reader\\n')
    process.stderr.write('no reader\\n')
    setImmediate(() => setImmediate(() => process.send(uncaught)))
  })
  process.send('ready')
`

test('without a reader, output is lost and the process continues', async () => {
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
