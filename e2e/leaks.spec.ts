import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page, Response } from '@playwright/test'
import { Client } from 'pg'
import { createServerDatabase } from '../lib/db/testing.ts'
import en from '../lib/i18n/messages/en.json' with { type: 'json' }
import { personas } from '../lib/sandbox/index.ts'
import {
  type Caller,
  type Console,
  expect,
  serverTest,
  signedInCaller,
  startConsole,
  startScript,
} from './console'

const words = en.bind
const send = 'SendVerificationCodeForBindSecureMobilePhone'
const bind = 'BindSecureMobilePhone'

/** With these, Node and the SDK print whatever they send: keys, numbers and codes. */
const printing = { DEBUG: '*', NODE_DEBUG: 'http,https,net,tls,stream,undici,fetch' }

/** Remembers what was seen where, to be searched once every secret is known. */
class Witness {
  readonly seen: { where: string; text: string }[] = []
  readonly #secrets: { what: string; standsIn(text: string): boolean }[] = []

  saw(where: string, text: string): void {
    this.seen.push({ where, text })
  }

  /** A number in every form: bare, grouped, with its country code, encoded. */
  keepsNumber(national: string): void {
    // Not by chance within an account's id, which is as many digits at random.
    const between = '(?:[\\s().-]|%20|%2d|&#45;)?'
    const pattern = new RegExp(`(?<!\\d{4})${[...national].join(between)}(?!\\d{4})`, 'i')
    this.#secrets.push({ what: `number ${national}`, standsIn: (text) => pattern.test(text) })
  }

  /** Six digits by themselves; as part of a longer word they are something else. */
  keepsCode(code: string): void {
    const pattern = new RegExp(`(?<![\\w.#])${code}(?!\\w)`)
    this.#secrets.push({ what: `code ${code}`, standsIn: (text) => pattern.test(text) })
  }

  keepsKey(what: string, value: string): void {
    const forms = [value, encodeURIComponent(value), Buffer.from(value).toString('base64').replace(/=+$/, '')]
    this.#secrets.push({ what, standsIn: (text) => forms.some((form) => text.includes(form)) })
  }

  foundIn(text: string): string[] {
    return this.#secrets.filter(({ standsIn }) => standsIn(text)).map(({ what }) => what)
  }

  /** What stands somewhere in clear, and where. */
  found(): string[] {
    return this.seen.flatMap(({ where, text }) => this.foundIn(text).map((what) => `${what} in ${where}`))
  }
}

/** The inbox shows numbers and codes: it stands for other people's phones. */
const isInbox = (url: string) => /^\/(api\/)?sandbox(\/|$)/.test(new URL(url).pathname)

/** All that a browser asks for and is told. */
function watch(page: Page, witness: Witness): () => Promise<void> {
  const reading: Promise<void>[] = []
  page.on('request', (request) => {
    witness.saw(`a URL: ${request.method()} ${request.resourceType()}`, request.url())
    witness.saw('a Referer', request.headers().referer ?? '')
  })
  page.on('response', (response) => reading.push(read(response)))
  page.on('console', (message) => witness.saw('the browser’s console', message.text()))

  async function read(response: Response): Promise<void> {
    const { pathname } = new URL(response.url())
    const headers = Object.entries(await response.allHeaders()).filter(([name]) => name !== 'set-cookie')
    witness.saw(`headers of ${pathname}`, JSON.stringify(headers))
    if (isInbox(response.url()) || pathname.startsWith('/_next/static/')) return
    // The body of a page that was left meanwhile is gone, and nobody has read it.
    witness.saw(`the answer of ${pathname}`, await response.text().catch(() => ''))
  }
  return async () => void (await Promise.all(reading))
}

/** All that a page may keep beyond itself; the session's cookie is HttpOnly and no script's business. */
async function searchBrowser(page: Page, witness: Witness): Promise<void> {
  const kept = await page.evaluate(async () => ({
    local: JSON.stringify({ ...localStorage }),
    session: JSON.stringify({ ...sessionStorage }),
    history: JSON.stringify(history.state),
    name: window.name,
    cookie: document.cookie,
    address: location.href,
    databases: JSON.stringify(await indexedDB.databases()),
    caches: JSON.stringify(await caches.keys()),
  }))
  for (const [where, text] of Object.entries(kept)) witness.saw(`the browser’s ${where}`, text)
  expect(kept).toMatchObject({ databases: '[]', caches: '[]' })
  for (const { name, value, httpOnly } of await page.context().cookies())
    if (!httpOnly) witness.saw(`cookie ${name}`, value)
}

async function newestCode({ sandbox }: Console, memberId: string): Promise<string> {
  const [newest] = await sandbox.messages({ accountId: memberId })
  if (!newest) throw new Error('no message was sent for this member')
  return newest.code
}

const wrongOf = (code: string) => (code === '907351' ? '170953' : '907351')

/** Signs in with a key, binds a phone with a wrong code, a resend and a right code, and visits every screen. */
async function bindInBrowser(page: Page, muster: Console, witness: Witness): Promise<void> {
  const { sandbox, origin } = muster
  const admin = personas.find(({ id }) => id === 'intl-admin')
  const [id = ''] = await sandbox.addMembers('international', [{ displayName: 'watched' }])
  witness.keepsNumber('90417733')
  witness.keepsNumber('98203374')

  await page.goto(`${origin}/sign-in`)
  await page.getByLabel(en.signIn.accessKeyId).fill(admin?.keyId ?? '')
  await page.getByLabel(en.signIn.accessKeySecret).fill(admin?.secret ?? '')
  await page.getByRole('button', { name: en.signIn.submit }).click()
  await expect(page.getByRole('heading', { name: en.members.title, level: 1 })).toBeVisible()
  for (const { name, value, httpOnly } of await page.context().cookies())
    if (httpOnly) witness.keepsKey(`the session’s token (${name})`, value)
  await searchBrowser(page, witness)

  await page.goto(`${origin}/members/${id}/phone`)
  await page.getByLabel(words.number.label).fill('9041 7733')
  await searchBrowser(page, witness)
  await page.getByRole('button', { name: words.send }).click()
  await expect(page.getByRole('heading', { name: words.code.title })).toBeVisible()
  witness.keepsCode(await newestCode(muster, id))
  await searchBrowser(page, witness)
  await page.getByRole('button', { name: words.changeNumber }).click()
  await expect(page.getByLabel(words.number.label)).toBeVisible()
  await sandbox.advance(60)
  await page.reload()
  await page.getByLabel(words.number.label).fill('98203374')
  await page.getByRole('button', { name: words.send }).click()
  await expect(page.getByRole('heading', { name: words.code.title })).toBeVisible()
  witness.keepsCode(await newestCode(muster, id))
  await sandbox.advance(60)
  await page.reload()
  await page.getByRole('button', { name: words.again, exact: true }).click()
  await expect.poll(async () => (await sandbox.messages({ accountId: id })).length).toBe(3)
  // The page has the answer, too, and with it a new field.
  await expect(page.getByRole('button', { name: /^Send again in/ })).toBeVisible()
  const code = await newestCode(muster, id)
  witness.keepsCode(code)
  witness.keepsCode(wrongOf(code))
  const enter = async (typed: string) => {
    await page.getByLabel(words.code.label).fill(typed)
    await page.getByRole('button', { name: words.bind }).click()
  }
  await enter(wrongOf(code))
  await expect(page.getByText('9 tries left')).toBeVisible()
  await searchBrowser(page, witness)
  await enter(code)
  await expect(page.getByRole('heading', { name: /^Phone bound to/ })).toBeVisible()
  await searchBrowser(page, witness)
  for (const there of [`/members/${id}`, '/members?q=watched', '/settings', '/sandbox']) {
    await page.goto(`${origin}${there}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
    await searchBrowser(page, witness)
  }
}

const replacing = ['silent', 'reset', 'html502', 'empty'] as const
const faults = [
  ...replacing.map((fault) => ({ fault, effect: true })),
  ...replacing.map((fault) => ({ fault, effect: false })),
  { fault: 'throttle' },
  { fault: 'unavailable' },
  { fault: 'slow:2500' },
  // Their texts repeat the call, the number and the code in it included.
  { fault: 'code:SignatureDoesNotMatch' },
  { fault: 'code:NoPermission' },
]

/** The same flow under one fault, signed in through a role. Whatever its outcome, nothing may be told. */
async function bindUnderFault(
  { sandbox }: Console,
  witness: Witness,
  caller: Caller,
  at: 'send' | 'bind',
  index: number,
) {
  const order = faults[index]
  if (!order) throw new Error('no such fault')
  const [id = ''] = await sandbox.addMembers('international', [{}])
  const national = `8${at === 'send' ? 3 : 6}${String(index).padStart(2, '0')}4179`
  witness.keepsNumber(national)
  const ask = async (path: string, body: object) => {
    const reply = await caller.post(`/api/members/${id}${path}`, body)
    const text = await reply.text()
    witness.saw(`the answer of ${path} under ${order.fault} at ${at}`, text)
    witness.saw(`headers of ${path} under ${order.fault}`, JSON.stringify(reply.headers()))
    return JSON.parse(text)
  }
  await sandbox.arm({ operation: at === 'send' ? send : bind, match: { accountId: id }, ...order })
  await ask('/phone/check', { phone: `65-${national}` })
  let sent = await ask('/phone/code', { phone: `65-${national}` })
  // Nothing was sent: the fault said so, or many calls at once passed the pace of the account.
  while (sent.error?.code === 'cloud.busy') sent = await ask('/phone/code', { phone: `65-${national}` })
  const [message] = await sandbox.messages({ accountId: id })
  if (message) witness.keepsCode(message.code)
  const code = message?.code ?? '640271'
  if (sent.request) await ask('/phone', { requestId: sent.request.id, code })
  await ask('/phone/look-up', {})
  for (const there of [
    `/api/members/${id}`,
    `/api/members/${id}/phone`,
    `/members/${id}/phone`,
    `/members/${id}`,
  ]) {
    const reply = await caller.get(there)
    witness.saw(`the answer of ${there} after ${order.fault} at ${at}`, await reply.text())
  }
  await caller.request.dispose()
}

async function wholeFlow(page: Page, muster: Console, witness: Witness): Promise<void> {
  const allRead = watch(page, witness)
  await bindInBrowser(page, muster, witness)
  await allRead()
  for (const at of ['send', 'bind'] as const) {
    const callers: Caller[] = []
    // One after the other: as many at once from one address would look like guesses.
    for (const _ of faults) callers.push(await signedInCaller(muster.origin, 'intl-admin'))
    for (const caller of callers) {
      const { cookies } = await caller.request.storageState()
      for (const { value } of cookies) witness.keepsKey('a session’s token', value)
    }
    const waiting = callers.map((caller, index) => () => bindUnderFault(muster, witness, caller, at, index))
    const inTurn = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await next()
    }
    await Promise.all(Array.from({ length: 4 }, inTurn))
  }
  // Each fault was met.
  expect(await muster.sandbox.faults()).toEqual([])
  for (const { keyId, secret } of personas) witness.keepsKey(`the secret of ${keyId}`, secret)
}

/** Temporary keys that the emulator issued: it alone may know them in clear, and its state proves that the search finds. */
function keepIssuedKeys(dataDir: string, witness: Witness): void {
  const state = readFileSync(path.join(dataDir, 'sandbox.json'), 'utf8')
  const { tokens } = JSON.parse(state) as {
    tokens: { keyId: string; secret: string; token: string }[]
  }
  expect(tokens.length).toBeGreaterThan(faults.length)
  for (const { keyId, secret, token } of tokens) {
    witness.keepsKey('the id of a temporary key', keyId)
    witness.keepsKey('the secret of a temporary key', secret)
    witness.keepsKey('a security token', token)
  }
  const kinds = witness.foundIn(state).map((what) => what.replace(/ \d+$/, ''))
  for (const kind of ['number', 'code', 'the secret of a temporary key', 'a security token'])
    expect(kinds.filter((found) => found === kind).length).toBeGreaterThan(faults.length)
}

/** Every byte of the data folder but the emulator's own state: tables, indexes, write-ahead log. */
function searchFiles(dataDir: string, witness: Witness): void {
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'sandbox.json')
    .map((entry) => path.join(entry.parentPath, entry.name))
  for (const file of files) witness.saw(path.relative(dataDir, file), readFileSync(file, 'latin1'))
}

async function searchTables(url: string, witness: Witness): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  expect(tables.length).toBeGreaterThan(8)
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t`)
    witness.saw(`table ${name}`, rows.map(({ row }) => row).join('\n'))
  }
  await client.end()
}

const test = serverTest
/** What was refused may be tried again at once. */
const patience = { MUSTER_COOLDOWN_REFUSED_SECONDS: '0' }

test.describe('whatever happens, numbers, codes, keys and tokens are told to nobody', () => {
  test('by a console with its embedded database, however it is asked to print', async ({ page }) => {
    test.setTimeout(240_000)
    const witness = new Witness()
    const muster = await startConsole({ ...printing, ...patience }, startScript)
    try {
      await wholeFlow(page, muster, witness)
    } finally {
      await muster.stop('SIGTERM')
    }
    witness.saw('the output', muster.output())
    keepIssuedKeys(muster.dataDir, witness)
    searchFiles(muster.dataDir, witness)
    expect(witness.found()).toEqual([])
    const places = witness.seen.map(({ where }) => where)
    expect(places).toEqual(expect.arrayContaining([expect.stringMatching(/pg_wal/), 'the output']))
    // The search finds what is there: members' names and ids are no secret.
    expect(witness.seen.filter(({ text }) => text.includes('watched')).length).toBeGreaterThan(3)
    muster.forget()
  })

  test('by a console on a PostgreSQL server', async ({ page }) => {
    test.setTimeout(240_000)
    const witness = new Witness()
    const database = await createServerDatabase()
    const muster = await startConsole({
      ...patience,
      DATABASE_URL: database.url,
      MUSTER_SECRET: Buffer.alloc(32, 8).toString('base64'),
    })
    try {
      await wholeFlow(page, muster, witness)
      await searchTables(database.url, witness)
    } finally {
      await muster.stop('SIGTERM')
    }
    witness.saw('the output', muster.output())
    keepIssuedKeys(muster.dataDir, witness)
    expect(witness.found()).toEqual([])
    muster.forget()
    await database.drop()
  })
})

test('a server that would print its requests does not start', async () => {
  for (const [name, value] of Object.entries(printing)) {
    const refused = await startConsole({ [name]: value }).then(
      () => 'it started',
      (error: Error) => error.message,
    )
    expect(refused).toContain('(exit code 1)')
    expect(refused.match(new RegExp(`^${name}: .*$`, 'gm'))).toHaveLength(1)
  }
})
