// Shared by all scripts in this folder. Runs on the host's Node (≥ 20) with nothing installed: built-in modules only.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/** Exits with one line that names the cause and what to do. @param {string} line @returns {never} */
export function fail(line) {
  console.error(line)
  process.exit(1)
}

/**
 * Runs a command to its end; its output goes to this process's output.
 * @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} its exit code
 */
export function run(command, args, env = process.env) {
  const child = spawn(command, args, { cwd: root, env, stdio: 'inherit', shell: needsShell(command) })
  return unlessShuttingDown(child, exitOf(child))
}

/**
 * Runs a command to its end without showing its output.
 * @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ code: number, printed: string }>} 127 if the command does not exist, as in a shell
 */
export async function runQuietly(command, args, env = process.env) {
  const child = spawn(command, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: needsShell(command),
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk))
  const closed = new Promise((resolve) => child.once('close', resolve))
  try {
    const code = await unlessShuttingDown(child, exitOf(child))
    await closed
    return { code, printed }
  } catch (error) {
    return { code: 127, printed: error instanceof Error ? error.message : String(error) }
  }
}

/** @typedef {import('node:child_process').ChildProcess} Child */

/** @param {Child} child @returns {Promise<number>} its exit code; rejects when it could not be started */
function exitOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 130 : 1)))
  })
}

/** The running child processes. @type {Map<Child, Promise<number>>} */
const commands = new Map()
/** This script, run again in the project's Node; every signal is forwarded to it unchanged. @type {Child | undefined} */
let rerun
/** @type {() => unknown} */
let atEnd = () => {}
let signaled = false
let shuttingDown = false

/**
 * Sets what a script does when a signal stops it, after the commands it started have ended.
 * @param {() => unknown} work
 */
export function onSignal(work) {
  atEnd = work
  handleSignals()
}

/**
 * The exit code of a child. During shutdown it never resolves, so that the script does not continue.
 * @param {Child} child @param {Promise<number>} exit
 */
async function unlessShuttingDown(child, exit) {
  handleSignals()
  commands.set(child, exit)
  const code = await exit.finally(() => commands.delete(child))
  return shuttingDown ? new Promise(() => {}) : code
}

let handling = false
function handleSignals() {
  if (handling) return
  handling = true
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => end(signal))
  }
}

/** @param {'SIGINT' | 'SIGTERM' | 'SIGHUP'} signal */
async function end(signal) {
  signaled = true
  // Ctrl-C in a terminal reaches the children directly. On Windows every signal does, and kill() would not be graceful.
  const reachedThem = process.platform === 'win32' || (signal === 'SIGINT' && process.stdin.isTTY)
  if (!reachedThem) {
    // Test runners shut down gracefully only on SIGINT.
    for (const child of commands.keys()) child.kill(child === rerun ? signal : 'SIGINT')
  }
  if (shuttingDown) return
  shuttingDown = true
  const [code = 128 + constants.signals[signal]] = await Promise.all(commands.values())
  await atEnd()
  process.exit(code)
}

/** npm is a .cmd file on Windows, which only a shell can start. @param {string} command */
function needsShell(command) {
  return process.platform === 'win32' && command === 'npm'
}

/** Installs the packages of the lockfile, unless exactly those are installed already. */
export async function ensureInstalled() {
  const wanted = hashFiles([path.join(root, 'package-lock.json')])
  const stamp = path.join(root, 'node_modules', '.muster-installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('Installing packages with npm ci (only after package-lock.json has changed)…')
  const { code, printed } = await runQuietly('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  if (code !== 0) {
    fail(
      `npm ci: ${causeOf(printed)}. Example: run "npm ci" to see the whole error, fix it, then run the same command again`,
    )
  }
  writeFileSync(stamp, wanted)
}

/** npm's error: its code and the first sentence. @param {string} printed */
function causeOf(printed) {
  const lines = printed.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim())
  const code = lines.find((line) => /^code \S+$/.test(line))?.slice(5)
  const reason = lines.find(
    (line) => /\s/.test(line) && !/^(code|errno|syscall|path|dest|command|cwd) /.test(line),
  )
  return [code, reason?.replace(/\.$/, '')].filter(Boolean).join(', ') || 'it failed without a reason'
}

/** The Node installed with the project (24, on Linux and Windows x64 and Linux arm64), else the host's. */
export function projectNode() {
  const folder = path.join(
    root,
    'node_modules',
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
  )
  const installed = path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(installed)) return installed
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 19)) return process.execPath
  return fail(
    `Node: ${process.versions.node} is too old on ${process.platform} ${process.arch}; 22.19 or newer is required. Example: install Node 24, see https://nodejs.org`,
  )
}

// With either variable set, Node and the SDK's HTTP layer print request headers including keys and tokens.
const printing = /^(NODE_)?DEBUG$/i

/** Whether an environment makes Node or the SDK print what they send. @param {NodeJS.ProcessEnv} env */
export function prints(env) {
  return Object.keys(env).some((name) => printing.test(name))
}

/**
 * The environment of the project's scripts: children that run `node` or a package's command use the same Node, and nothing
 * prints keys.
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
 * Installs packages if necessary, then runs the calling script again in the project's own Node. It also runs again if the
 * environment makes Node print requests, since Node reads that setting before any script runs.
 * @param {string} script `import.meta.url` of the caller
 */
export async function onProjectNode(script) {
  endWithNpm()
  await ensureInstalled()
  const node = projectNode()
  const there = path.resolve(process.execPath) === path.resolve(node) || process.env.MUSTER_NODE === node
  if (there && !prints(process.env)) return
  const env = projectEnvironment(process.env, node)
  rerun = spawn(node, [fileURLToPath(script), ...process.argv.slice(2)], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
  process.exit(await unlessShuttingDown(rerun, exitOf(rerun)))
}

/**
 * npm sends SIGTERM to the shell in which it starts scripts, and that shell exits without forwarding it. So a script started
 * by npm stops when its parent process is gone, unless it has received a signal already.
 */
function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    if (!signaled) process.kill(process.pid, 'SIGTERM')
  }, 500).unref()
}

/** @param {string} bin name of a package's command @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
export function runBin(bin, args, env) {
  return run(process.execPath, [binFile(bin), ...args], env)
}

/** The script behind a package's command. @param {string} bin */
export function binFile(bin) {
  const folder = path.join(root, 'node_modules', packageOf(bin))
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  return path.join(folder, typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin])
}

/** The first file of one of these names in the folders of PATH. @param {...string} names */
export function onPath(...names) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)
  return names
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find((file) => existsSync(file))
}

/** @param {string} bin */
function packageOf(bin) {
  /** @type {Record<string, string>} */
  const packages = { biome: '@biomejs/biome', tsc: 'typescript', playwright: '@playwright/test' }
  return packages[bin] ?? bin
}

/** @param {string[]} files absolute paths @param {string} [folder] what their names are relative to @returns {string} */
export function hashFiles(files, folder = root) {
  const hash = createHash('sha256')
  for (const file of files)
    hash.update(path.relative(folder, file)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

/** All files below a folder, sorted. @param {string} folder @returns {string[]} */
export function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}
