import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { hashFiles, projectNode, root } from './project.mjs'

const folders: string[] = []
afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true })
})

/** Copies the scripts to a new folder with this lockfile and these packages. `installed` marks the packages as installed. */
function project(lockfile: object, packages: 'all' | 'none', installed: boolean): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'muster-setup-'))
  folders.push(dir)
  cpSync(path.join(root, 'scripts'), path.join(dir, 'scripts'), { recursive: true })
  writeFileSync(path.join(dir, 'package.json'), '{"name":"muster","version":"0.0.0","type":"module"}')
  writeFileSync(path.join(dir, 'package-lock.json'), JSON.stringify(lockfile))
  const modules = path.join(dir, 'node_modules')
  mkdirSync(modules)
  if (packages === 'all') {
    for (const name of readdirSync(path.join(root, 'node_modules'))) {
      if (!name.startsWith('.')) {
        symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name), 'junction')
      }
    }
  }
  // As `ensureInstalled` writes it, with file names relative to its own root.
  if (installed) writeFileSync(path.join(modules, '.muster-installed'), stampOf(dir))
  return dir
}

function stampOf(dir: string): string {
  const here = path.join(dir, 'package-lock.json')
  return hashFiles([here], dir)
}

const nothing = { name: 'muster', version: '0.0.0', lockfileVersion: 3, packages: {} }

interface Result {
  code: number | null
  out: string
  err: string
}

/** Runs a script in such a folder, with only the environment `env`. */
function run(dir: string, script: string[], env: Record<string, string>): Promise<Result> {
  const child = spawn(projectNode(), script, { cwd: dir, env: { NODE_ENV: 'test', HOME: dir, ...env } })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })))
}

/** Nothing listens on the discard port. */
const noNetwork = {
  npm_config_registry: 'http://127.0.0.1:9/',
  npm_config_fetch_retries: '0',
  npm_config_update_notifier: 'false',
  PLAYWRIGHT_DOWNLOAD_HOST: 'http://127.0.0.1:9',
}

test('a Node that is too old is reported on one line', async () => {
  const dir = project(nothing, 'none', true)
  const old = 'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "20.19.0" })'
  const { code, out, err } = await run(dir, ['--import', old, 'scripts/start.mjs'], {})
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/^Node: 20\.19\.0 is too old on \S+ \S+; 22\.19 or newer is required\. Example: .+\n$/)
})

test('packages that cannot be installed are reported on one line, and do not count as installed', async () => {
  const wanted = {
    ...nothing,
    packages: {
      '': { name: 'muster', version: '0.0.0', dependencies: { 'left-pad': '1.3.0' } },
      'node_modules/left-pad': { version: '1.3.0' },
    },
  }
  const dir = project(wanted, 'none', false)
  writeFileSync(
    path.join(dir, 'package.json'),
    JSON.stringify({ name: 'muster', version: '0.0.0', dependencies: { 'left-pad': '1.3.0' } }),
  )
  const { PATH = '' } = process.env
  const withNpm = await run(dir, ['scripts/start.mjs'], { PATH, ...noNetwork })
  expect(withNpm).toMatchObject({ code: 1, out: expect.stringMatching(/^Installing packages .+\n$/) })
  expect(withNpm.err).toMatch(/^npm ci: ECONNREFUSED, .+\. Example: .+\n$/)
  const withoutNpm = await run(dir, ['scripts/start.mjs'], { PATH: dir })
  expect(withoutNpm.err).toMatch(/^npm ci: .*npm.* ENOENT\. Example: .+\n$/)
  expect(withoutNpm.code).toBe(1)
})

test('a missing PostgreSQL that cannot be installed is reported on one line', async () => {
  const dir = project(nothing, 'all', true)
  const { code, err, out } = await run(dir, ['scripts/test.mjs', '--only', 'integration'], { PATH: dir })
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(
    /^PostgreSQL: no server was found for the tests\. Example: .+MUSTER_TEST_DATABASE_URL=\S+ npm test\n$/,
  )
})

test('a missing browser that cannot be installed is reported on one line', async () => {
  const dir = project(nothing, 'all', true)
  const env = {
    ...noNetwork,
    PATH: dir,
    PLAYWRIGHT_BROWSERS_PATH: path.join(dir, 'browsers'),
    MUSTER_TEST_DATABASE_URL: 'postgres://127.0.0.1:9/none',
  }
  const none = await run(dir, ['scripts/test.mjs', '--only', 'e2e'], env)
  expect(none.code).toBe(1)
  expect(none.out).not.toContain('passed')
  expect(none.err).toMatch(/^Browser: none was found .+ Example: .+CHROME_PATH=\S+ npm test\n$/)

  const named = await run(dir, ['scripts/test.mjs', '--only', 'e2e'], {
    ...env,
    CHROME_PATH: `${dir}/chrome`,
  })
  expect(named).toMatchObject({ code: 1, out: '' })
  expect(named.err).toMatch(/^CHROME_PATH: the file .+ does not exist\. Example: .+\n$/)
})
