import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const folder = new URL('.', import.meta.url)

test('runs under plain Node, without a build and outside of the project folder', async () => {
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

test('imports nothing but its own files and what Node brings', async () => {
  const names = (await readdir(folder, { recursive: true })).map((name) => name.replaceAll('\\', '/'))
  const files = names.filter((name) => /^(seed\/)?[^/]+\.ts$/.test(name) && !name.endsWith('.test.ts'))
  expect(files.length).toBeGreaterThan(20)
  for (const file of files) {
    const text = await readFile(new URL(file, folder), 'utf8')
    const imported = [...text.matchAll(/^(?:import|export|\}) .*?from '([^']+)'/gm)].map(
      (match) => match[1] ?? '',
    )
    const foreign = imported.filter((name) => !/^(node:[a-z/]+|\.\.?\/[a-z/-]+\.ts)$/.test(name))
    expect(foreign, file).toEqual([])
    expect(
      imported.filter((name) =>
        file.startsWith('seed/') ? name.startsWith('../../') : name.startsWith('../'),
      ),
      file,
    ).toEqual([])
  }
})
