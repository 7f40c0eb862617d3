// `npm test`: sets up what the tests require, runs every check, and ends with the failures and a line "N passed, M failed".
// `--only unit|integration|e2e|checks` runs one part.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { fail, onProjectNode, onSignal, root, runBin, runQuietly } from './project.mjs'

await onProjectNode(import.meta.url)

const only = process.argv[2] === '--only' ? process.argv[3] : undefined
const passOn = process.argv.slice(only ? 4 : 2)
const reports = mkdtempSync(path.join(tmpdir(), 'muster-test-'))
/** @type {NodeJS.ProcessEnv} */
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' }
let passed = 0
/** The failures with the first lines of their messages, repeated at the end of the output. @type {string[]} */
const failures = []
/** Browser tests that failed once and then passed. @type {string[]} */
const flaky = []

/** @type {Promise<{ url: string, stop(): Promise<void> }> | undefined} */
let postgres
// pg_ctl starts the server as a daemon: if not stopped here, it would outlive the tests.
onSignal(async () => {
  await cleanUp()
  // Regardless of the running command's exit code: not everything was tested.
  process.exit(130)
})
try {
  if (wanted('checks')) {
    await check('lint and format', 'biome', ['check', '--error-on-warnings', '.'])
    await check('route types', 'next', ['typegen'])
    await check('types', 'tsc', ['--noEmit'])
    await check('unused files, exports and packages', 'knip', [])
    await check('exports for tests alone', 'knip', ['--production', '--exclude', 'types'])
  }
  if (wanted('unit')) await vitest(['--project', 'unit'])
  if (wanted('integration') || wanted('e2e')) {
    const { ensurePostgres } = await import('./postgres.mjs')
    postgres = ensurePostgres(announce)
    env.MUSTER_TEST_DATABASE_URL = (await postgres).url
  }
  // Built in parallel with the database tests, which mostly wait.
  const building = wanted('e2e')
    ? runQuietly(process.execPath, [path.join(root, 'scripts', 'build.mjs')], env)
    : undefined
  if (wanted('integration')) await vitest(['--project', 'pglite', '--project', 'postgres'])
  if (building) {
    const { ensureBrowser } = await import('./browser.mjs')
    const browser = await ensureBrowser(announce)
    const { code, printed } = await building
    if (code !== 0) throw new Error(printed.trim())
    Object.assign(env, browser.env, { MUSTER_TEST_BROWSER: JSON.stringify(browser) })
    await playwright()
  }
} catch (error) {
  await cleanUp()
  fail(error instanceof Error ? error.message : String(error))
}
await cleanUp()
for (const test of flaky) console.log(`\nPASSED THE SECOND TIME ${test}`)
for (const failure of failures) console.log(`\nFAILED ${failure}`)
console.log(`\n${passed} passed, ${failures.length} failed`)
process.exit(failures.length > 0 || passed === 0 ? 1 : 0)

/** @param {string} part */
function wanted(part) {
  return only === undefined || only === part
}

/** @param {string} line */
function announce(line) {
  console.log(line)
}

async function cleanUp() {
  const server = await postgres?.catch(() => undefined)
  await server?.stop()
  rmSync(reports, { recursive: true, force: true })
}

/** Runs a check that passes or fails as a whole. @param {string} name @param {string} bin @param {string[]} args */
async function check(name, bin, args) {
  console.log(`\n— ${name}`)
  if ((await runBin(bin, args, env)) === 0) passed++
  else failures.push(name)
}

/** @param {string[]} projects */
async function vitest(projects) {
  const name = `vitest ${projects.join(' ')}`
  console.log(`\n— ${name}`)
  const file = path.join(reports, `vitest-${projects.at(-1)}.json`)
  const code = await runBin(
    'vitest',
    ['run', ...projects, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...passOn],
    env,
  )
  const report = readReport(file)
  passed += report?.numPassedTests ?? 0
  const before = failures.length
  for (const { name: of, message, assertionResults } of report?.testResults ?? []) {
    const where = path.relative(root, of)
    // A file that cannot be loaded lists no tests.
    if (message && assertionResults.length === 0) failures.push(`${where}\n${firstLines(message)}`)
    for (const { status, fullName, failureMessages } of assertionResults) {
      if (status === 'passed') continue
      failures.push(`${where} › ${fullName} (${status})\n${firstLines((failureMessages ?? []).join('\n'))}`)
    }
  }
  // An error outside any test, or no report at all.
  if (code !== 0 && failures.length === before) failures.push(`${name}: exit code ${code}`)
}

async function playwright() {
  console.log('\n— playwright')
  const file = path.join(reports, 'playwright.json')
  const code = await runBin('playwright', ['test', '--reporter=list,json', ...passOn], {
    ...env,
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
  })
  const report = readReport(file)
  passed += (report?.stats.expected ?? 0) + (report?.stats.flaky ?? 0)
  const before = failures.length
  for (const error of report?.errors ?? []) failures.push(`playwright\n${firstLines(error.message)}`)
  for (const suite of report?.suites ?? []) collect(suite, '')
  if (code !== 0 && failures.length === before) failures.push(`playwright: exit code ${code}`)
}

/** Collects the failed tests of a suite in Playwright's report. @param {any} suite @param {string} within */
function collect(suite, within) {
  const name = within ? `${within} › ${suite.title}` : suite.title
  for (const { title, tests } of suite.specs ?? []) {
    for (const { status, results } of tests) {
      if (status === 'expected') continue
      const message = results.findLast((/** @type {any} */ { error }) => error)?.error.message ?? ''
      const list = status === 'flaky' ? flaky : failures
      list.push(`${name} › ${title} (${status})\n${firstLines(message)}`)
    }
  }
  for (const inner of suite.suites ?? []) collect(inner, name)
}

/** Enough to see the cause, without terminal colors. Long lines are cut, such as a failed statement with its parameters. @param {string} message */
function firstLines(message) {
  const lines = stripVTControlCharacters(message).split('\n').slice(0, 12)
  return lines.map((line) => line.slice(0, 300)).join('\n')
}

/** @param {string} file */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
