// Finds a browser for the end-to-end tests, or installs one.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { binFile, onPath, root, runQuietly } from './project.mjs'

const packedBrowserPackage = '@sparticuz/chromium@153.0.0'

// Debian's headless shell first: since version 150 the full Chromium opens a full (invisible) window for each page, which
// takes two to three times as long.
const names = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
]

/**
 * In this order: CHROME_PATH, Playwright's own browser, one installed on the system, Debian's package (as root), a package
 * from npm (Linux x64), Playwright's download. Throws an Error with a one-line message if none of them works.
 * @param {(line: string) => void} log
 * @returns {Promise<{ executablePath: string, args: string[], env: Record<string, string> }>}
 */
export async function ensureBrowser(log) {
  const given = process.env.CHROME_PATH
  if (given) {
    if (existsSync(given)) return plain(given)
    throw new Error(
      `CHROME_PATH: the file ${given} does not exist. Example: CHROME_PATH=/usr/bin/chromium npm test`,
    )
  }
  const { chromium } = await import('playwright')
  const found = existsSync(chromium.executablePath()) ? chromium.executablePath() : onPath(...names)
  if (found) return plain(found)
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    log('Installing chromium-headless-shell and Chinese fonts with apt for the end-to-end tests…')
    await apt('update')
    await apt('install', '-y', '--no-install-recommends', 'chromium-headless-shell', 'fonts-noto-cjk')
    const installed = onPath(...names)
    if (installed) return plain(installed)
  }
  if (process.platform === 'linux' && process.arch === 'x64') {
    log('Installing a browser from npm for the end-to-end tests…')
    const browser = await packedBrowser()
    if (browser) return browser
  }
  log('Downloading a browser with Playwright…')
  await runQuietly(process.execPath, [binFile('playwright'), 'install', 'chromium'])
  if (existsSync(chromium.executablePath())) return plain(chromium.executablePath())
  throw new Error(
    'Browser: none was found for the end-to-end tests, and none could be installed. Example: install Chromium or Chrome, then CHROME_PATH=/usr/bin/chromium npm test',
  )
}

/**
 * A Chromium package with its own libraries. Not in package.json: npm skips optional packages whose engine range excludes
 * the host's Node, and 67 MB are too much for those who have a browser.
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
  if ((await runQuietly('npm', install)).code !== 0) return undefined
  // Makes the package unpack its libraries as well, which a minimal machine lacks.
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
  return runQuietly('apt-get', ['-qq', ...args], { ...process.env, DEBIAN_FRONTEND: 'noninteractive' })
}
