// Finds a browser for the end-to-end tests, or installs one.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, run, runBin } from './project.mjs'

const packedBrowserPackage = '@sparticuz/chromium@153.0.0'

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/**
 * In this order: CHROME_PATH, Playwright's own, a browser of the system, Debian's (as root), the one from npm
 * (Linux x64), Playwright's download. Throws an Error with one line when none of them works.
 * @param {(line: string) => void} log
 * @returns {Promise<{ executablePath: string, args: string[], env: Record<string, string> }>}
 */
export async function ensureBrowser(log) {
  const given = process.env.CHROME_PATH
  if (given) {
    if (existsSync(given)) return plain(given)
    throw new Error(`CHROME_PATH: there is no file ${given}. Example: CHROME_PATH=/usr/bin/chromium npm test`)
  }
  const { chromium } = await import('playwright')
  for (const file of [chromium.executablePath(), ...installed]) if (existsSync(file)) return plain(file)
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    log('Installing chromium and Chinese fonts with apt, for the end-to-end tests…')
    if (apt('update') && apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'))
      return plain('/usr/bin/chromium')
  }
  if (process.platform === 'linux' && process.arch === 'x64') {
    log('Installing a browser from npm, for the end-to-end tests…')
    const browser = await packedBrowser()
    if (browser) return browser
  }
  log('Downloading a browser with Playwright…')
  if ((await runBin('playwright', ['install', 'chromium'])) === 0 && existsSync(chromium.executablePath())) {
    return plain(chromium.executablePath())
  }
  throw new Error(
    'No browser for the end-to-end tests: install Chromium or Chrome. Example: CHROME_PATH=/usr/bin/chromium npm test',
  )
}

/**
 * A Chromium that ships its own libraries. Kept out of package.json: npm skips optional packages whose engine range
 * excludes the host's Node, and 67 MB are too much for everybody who has a browser.
 */
async function packedBrowser() {
  const prefix = path.join(root, 'node_modules', '.muster-browser')
  const install = [
    'install',
    '--prefix',
    prefix,
    '--no-save',
    '--no-package-lock',
    '--loglevel=error',
    packedBrowserPackage,
  ]
  if ((await run('npm', install)) !== 0) return undefined
  // Makes the package unpack the libraries as well, so that a bare machine needs none.
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs24.x'
  const entry = createRequire(path.join(prefix, 'package.json')).resolve('@sparticuz/chromium')
  const { default: packed } = await import(pathToFileURL(entry).href)
  const executablePath = await packed.executablePath()
  const env = { LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH ?? '' }
  const works = spawnSync(executablePath, ['--version'], { env: { ...process.env, ...env } }).status === 0
  return works ? { executablePath, args: packed.args, env } : undefined
}

/** @param {string} executablePath */
function plain(executablePath) {
  return { executablePath, args: [], env: {} }
}

/** @param {...string} args */
function apt(...args) {
  try {
    execFileSync('apt-get', ['-qq', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    return true
  } catch {
    return false
  }
}
