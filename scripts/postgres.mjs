// @ts-check
// Finds, installs or starts a PostgreSQL server for tests. Run directly, it prints a URL and serves until Ctrl-C:
//   MUSTER_TEST_DATABASE_URL=<that URL> npx vitest run --project postgres lib/db
import { execFile } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { onPath } from './project.mjs'

const VERSION_MIN = 15
const isWindows = process.platform === 'win32'
const isRoot = process.getuid?.() === 0
const run = promisify(execFile)

/**
 * @typedef {{ url: string, stop(): Promise<void> }} TestPostgres
 * @typedef {(line: string) => void} Log
 */

/**
 * The server that the tests use: the one in MUSTER_TEST_DATABASE_URL, else a temporary one from installed binaries, else
 * one from binaries installed with apt. Throws an Error with a one-line message if none of them works.
 * @param {Log} log
 * @returns {Promise<TestPostgres>}
 */
export async function ensurePostgres(log) {
  const url = process.env.MUSTER_TEST_DATABASE_URL
  if (url) return { url, stop: async () => {} }
  const bin = (await findBinaries()) ?? (await installBinaries(log))
  return startCluster(bin)
}

/** @returns {Promise<string | undefined>} the folder with `initdb` of the newest suitable server */
async function findBinaries() {
  const fromConfig = await run('pg_config', ['--bindir']).then(
    ({ stdout }) => [stdout.trim()],
    () => [],
  )
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  // Debian keeps the programs of each version outside of PATH: /usr/bin → /usr/lib/postgresql/15/bin.
  const packaged = folders
    .map((folder) => join(folder, '..', 'lib', 'postgresql'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((version) => join(folder, version, 'bin')))
  /** @type {{ bin: string, version: number } | undefined} */
  let best
  for (const bin of new Set([...fromConfig, ...packaged, ...folders])) {
    const version = await serverVersion(bin)
    if (version >= VERSION_MIN && version > (best?.version ?? 0)) best = { bin, version }
  }
  return best?.bin
}

/**
 * The major version of the server in a folder; 0 if there is none. Also requires `initdb`: `pg_config` and the client tools
 * are often installed without a server.
 * @param {string} bin
 */
async function serverVersion(bin) {
  const [server, initdb] = ['postgres', 'initdb'].map((name) => join(bin, isWindows ? `${name}.exe` : name))
  if (!server || !initdb || !existsSync(server) || !existsSync(initdb)) return 0
  const { stdout } = await run(server, ['--version']).catch(() => ({ stdout: '' }))
  return Number(/\) (\d+)/.exec(stdout)?.[1] ?? 0)
}

/**
 * @param {Log} log
 * @returns {Promise<string>}
 */
async function installBinaries(log) {
  const hint = `Example: install PostgreSQL ${VERSION_MIN} or newer, or use a server on which databases may be created: MUSTER_TEST_DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres npm test`
  if (!isRoot || !onPath('apt-get')) throw new Error(`PostgreSQL: no server was found for the tests. ${hint}`)
  log('No PostgreSQL server found: installing PostgreSQL with apt…')
  keepClusterFromStarting()
  const install = [
    'install',
    '-y',
    '--no-install-recommends',
    '-o',
    'Dpkg::Options::=--force-confold',
    'postgresql',
  ]
  try {
    // The package lists are missing or outdated only on a fresh machine; updating them first would slow down all others.
    await apt(install).catch(async () => {
      await apt(['update'])
      await apt(install)
    })
  } catch (error) {
    throw new Error(
      `PostgreSQL: no server was found for the tests, and apt could not install one (${lastLine(error)}). ${hint}`,
    )
  }
  const bin = await findBinaries()
  if (!bin)
    throw new Error(`PostgreSQL: apt does not offer version ${VERSION_MIN} or newer on this machine. ${hint}`)
  return bin
}

/** @param {string[]} args */
function apt(args) {
  return run('apt-get', args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 << 20,
  })
}

/** Debian's package would start its own server on the default port; the tests need only the programs. */
function keepClusterFromStarting() {
  const config = '/etc/postgresql-common/createcluster.conf'
  if (existsSync(config) && /^\s*create_main_cluster/m.test(readFileSync(config, 'utf8'))) return
  mkdirSync('/etc/postgresql-common', { recursive: true })
  appendFileSync(config, 'create_main_cluster = false\n')
}

/**
 * Starts a server in a temporary folder. Configured for speed, not durability: nothing has to outlive the tests.
 * @param {string} bin
 * @returns {Promise<TestPostgres>}
 */
async function startCluster(bin) {
  const home = mkdtempSync(join(tmpdir(), 'muster-postgres-'))
  const data = join(home, 'data')
  const asOwner = await ownedByPostgres(home)
  const port = await freePort()
  const settings = [
    `-p ${port} -c listen_addresses=127.0.0.1 -c max_connections=200`,
    '-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum_naptime=5',
    ...(isWindows ? [] : [`-c unix_socket_directories=${home}`]),
  ].join(' ')
  const stop = async () => {
    await asOwner(join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', '-w', 'stop']).catch(() => {})
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    await asOwner(join(bin, 'initdb'), [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ])
    await asOwner(join(bin, 'pg_ctl'), ['-D', data, '-l', join(home, 'log'), '-w', '-o', settings, 'start'])
  } catch (error) {
    await stop()
    throw new Error(`The PostgreSQL server in ${bin} did not start (${lastLine(error)}).`)
  }
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop }
}

/**
 * PostgreSQL refuses to run as root, so root gives the folder to the user `postgres` and runs the programs as that user.
 * @param {string} home
 * @returns {Promise<(file: string, args: string[]) => Promise<unknown>>}
 */
async function ownedByPostgres(home) {
  const options = { cwd: home }
  if (!isRoot) return (file, args) => run(file, args, options)
  try {
    await run('chown', ['postgres', home])
  } catch {
    throw new Error(
      'PostgreSQL does not run as root, and there is no user postgres: run the tests as another user.',
    )
  }
  chmodSync(home, 0o700)
  return (file, args) => run('runuser', ['-u', 'postgres', '--', file, ...args], options)
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** @param {unknown} error */
function lastLine(error) {
  const { stderr, message } = /** @type {{ stderr?: string, message?: string }} */ (error)
  const lines = (stderr || message || String(error)).trim().split('\n')
  return lines.at(-1)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const { url, stop } = await ensurePostgres((line) => console.error(line))
    console.log(url)
    const keepAlive = setInterval(() => {}, 1 << 30)
    const end = () => {
      clearInterval(keepAlive)
      stop().then(() => process.exit(0))
    }
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
