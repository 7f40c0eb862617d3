import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { sourcesBelow, specifiersIn, textOf } from '../shape/testing.ts'

const folder = new URL('.', import.meta.url)

test('runs in plain Node, without a build and outside the project folder', async () => {
  const script = `
    import { personas, startSandbox } from ${JSON.stringify(new URL('index.ts', folder).href)}
    const sandbox = await startSandbox({ port: 0 })
    const reply = await (await fetch(sandbox.url + '/_sandbox/personas')).json()
    await sandbox.close()
    console.log(reply.personas.length === personas.length ? 'same personas' : 'different')
  `
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: '/',
  })
  expect(stdout.trim()).toBe('same personas')
})

test('imports only its own files and Node’s built-in modules', () => {
  const files = sourcesBelow('lib/sandbox')
  expect(files.length).toBeGreaterThan(20)
  for (const file of files) {
    const imported = specifiersIn(textOf(file))
    expect(
      // Plain Node requires the full file name.
      imported.filter((name) => !/^(node:[a-z/]+|\.\.?\/[a-z/-]+\.ts)$/.test(name)),
      file,
    ).toEqual([])
    const outside = file.startsWith('lib/sandbox/seed/') ? '../../' : '../'
    expect(
      imported.filter((name) => name.startsWith(outside)),
      file,
    ).toEqual([])
  }
})
