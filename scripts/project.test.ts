import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { prints, projectEnvironment, projectNode, root } from './project.mjs'

const env = { NODE_ENV: 'test', PATH: '/usr/bin', PORT: '3001' } as const

test('scripts run with the project’s Node first in PATH, and otherwise the same environment', () => {
  const made = projectEnvironment(env, path.join('/opt', 'node', 'bin', 'node'))
  expect(made).toMatchObject({ PORT: '3001', MUSTER_NODE: path.join('/opt', 'node', 'bin', 'node') })
  const [first, second, last] = made.PATH?.split(path.delimiter) ?? []
  expect(first).toBe(path.join('/opt', 'node', 'bin'))
  expect(second).toMatch(/node_modules.\.bin$/)
  expect(last).toBe('/usr/bin')
})

test('what makes Node or the SDK print requests is not passed on', () => {
  expect(prints(env)).toBe(false)
  for (const name of ['DEBUG', 'NODE_DEBUG', 'node_debug']) {
    expect(prints({ ...env, [name]: 'http' })).toBe(true)
    expect(prints(projectEnvironment({ ...env, [name]: 'http' }, process.execPath))).toBe(false)
  }
})

test('a Node started in that environment does not print requests', () => {
  const asked = { ...process.env, NODE_DEBUG: 'http' }
  const printed = (environment: NodeJS.ProcessEnv) =>
    spawnSync(process.execPath, ['-e', 'require("node:util").debuglog("http")("a key")'], {
      env: environment,
    }).stderr.toString()
  expect(printed(asked)).toContain('a key')
  expect(printed(projectEnvironment(asked, process.execPath))).not.toContain('a key')
})

test.runIf(process.platform !== 'win32')(
  'a signal stops the commands a script started, then the script cleans up and does not continue',
  async () => {
    const command = `
      process.on('SIGINT', () => { console.log('command ended'); process.exit(3) })
      setInterval(() => {}, 1000)
      console.log('command runs')`
    const script = `
      import { onSignal, run } from ${JSON.stringify(pathToFileURL(path.join(root, 'scripts', 'project.mjs')))}
      onSignal(() => console.log('cleaned up'))
      await run(process.execPath, ['-e', ${JSON.stringify(command)}])
      console.log('continued')`
    const child = spawn(projectNode(), ['--input-type=module', '-e', script])
    let out = ''
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      if (out === 'command runs\n') child.kill('SIGTERM')
    })
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(3)
    expect(out).toBe('command runs\ncommand ended\ncleaned up\n')
  },
)
