// What every script of this folder needs first. Runs on the host's Node (≥ 20) with nothing installed:
// built-in modules only.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/** Ends the process with one line that names the cause and what to do. @param {string} line @returns {never} */
export function fail(line) {
  console.error(line)
  process.exit(1)
}

/**
 * Runs a command to its end; its output goes where ours goes.
 * @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} its exit code
 */
export function run(command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: 'inherit', shell: needsShell(command) })
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 130 : 1)))
  })
}

/** npm is a .cmd file on Windows, which only a shell starts. @param {string} command */
function needsShell(command) {
  return process.platform === 'win32' && command === 'npm'
}

/** Installs what the lockfile names, unless exactly that is there already. */
export async function ensureInstalled() {
  const wanted = hashFiles([path.join(root, 'package-lock.json')])
  const stamp = path.join(root, 'node_modules', '.muster-installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('Installing packages (npm ci), once for each change of package-lock.json…')
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  if (code !== 0)
    fail('npm ci failed; its output above names the cause. Mend it, then run the same command again.')
  writeFileSync(stamp, wanted)
}

/** The Node that the project brings along (24, Linux and Windows x64, Linux arm64), else the host's. */
export function projectNode() {
  const folder = path.join(
    root,
    'node_modules',
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
  )
  const brought = path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(brought)) return brought
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 19)) return process.execPath
  return fail(
    `Node ${process.versions.node} is too old on ${process.platform} ${process.arch}: install Node 22.19 or newer.`,
  )
}

// With either set, Node and the SDK's HTTP layer print request headers, keys and tokens included.
const printing = /^(NODE_)?DEBUG$/i

/** Whether an environment makes Node or the SDK print what they send. @param {NodeJS.ProcessEnv} env */
export function prints(env) {
  return Object.keys(env).some((name) => printing.test(name))
}

/**
 * The environment the project's scripts run in: children that say plain `node` or use a package's command meet the same
 * Node, and nothing prints keys.
 * @param {NodeJS.ProcessEnv} env @param {string} node @returns {NodeJS.ProcessEnv}
 */
export function projectEnvironment(env, node) {
  const kept = { ...env }
  for (const name of Object.keys(kept)) if (printing.test(name)) delete kept[name]
  const bin = path.join(root, 'node_modules', '.bin')
  return {
    ...kept,
    MUSTER_NODE: node,
    PATH: [path.dirname(node), bin, env.PATH].join(path.delimiter),
  }
}

/**
 * Installs if needed, then goes on in the project's own Node: the calling script runs again there. It also does when
 * the environment makes Node print requests, which Node takes from it once, before any script runs.
 * @param {string} script `import.meta.url` of the caller
 */
export async function onProjectNode(script) {
  await ensureInstalled()
  const node = projectNode()
  const there = path.resolve(process.execPath) === path.resolve(node) || process.env.MUSTER_NODE === node
  if (there && !prints(process.env)) return
  const env = projectEnvironment(process.env, node)
  const child = spawn(node, [fileURLToPath(script), ...process.argv.slice(2)], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
  // Ctrl-C reaches the child by itself; a signal sent to this process alone is handed on.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  process.exit(
    await new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? (signal ? 130 : 1)))),
  )
}

/** @param {string} bin name of a package's command @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
export function runBin(bin, args, env) {
  const manifest = JSON.parse(
    readFileSync(path.join(root, 'node_modules', packageOf(bin), 'package.json'), 'utf8'),
  )
  const file = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin]
  return run(process.execPath, [path.join(root, 'node_modules', packageOf(bin), file), ...args], env)
}

/** @param {string} bin */
function packageOf(bin) {
  /** @type {Record<string, string>} */
  const packages = { biome: '@biomejs/biome', tsc: 'typescript', playwright: '@playwright/test' }
  return packages[bin] ?? bin
}

/** @param {string[]} files absolute paths @returns {string} */
export function hashFiles(files) {
  const hash = createHash('sha256')
  for (const file of files)
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

/** All files below a folder, sorted. @param {string} folder @returns {string[]} */
export function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}
