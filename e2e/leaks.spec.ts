import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page, Response } from '@playwright/test'
import { Client } from 'pg'
import { type Persona, personas } from '../lib/sandbox/index.ts'
import {
  type Caller,
  type Console,
  expect,
  serverTest,
  signedInCaller,
  startConsole,
  startOnServer,
  startScript,
} from './console'
import { en } from './messages'

const words = en.bind
const { flow } = en
const send = 'SendVerificationCodeForBindSecureMobilePhone'
const bind = 'BindSecureMobilePhone'

/** With these, Node and the SDK print whatever they send: keys, numbers and codes. */
const printing = { DEBUG: '*', NODE_DEBUG: 'http,https,net,tls,stream,undici,fetch' }

/** Collects all texts and where they were seen, to search them once every secret is known. */
class LeakSearch {
  readonly seen: { where: string; text: string }[] = []
  readonly #secrets: { what: string; isIn(text: string): boolean }[] = []

  record(where: string, text: string): void {
    this.seen.push({ where, text })
  }

  /** A number in every form: bare, grouped, with its country code, encoded. */
  addSecretNumber(national: string): void {
    // Not within an account ID, whose random digits may match by chance.
    const between = '(?:[\\s().-]|%20|%2d|&#45;)?'
    const pattern = new RegExp(`(?<!\\d{4})${[...national].join(between)}(?!\\d{4})`, 'i')
    this.#secrets.push({ what: `number ${national}`, isIn: (text) => pattern.test(text) })
  }

  /** Six digits on their own; within a longer word they are something else. */
  addSecretCode(code: string): void {
    const pattern = new RegExp(`(?<![\\w.#])${code}(?!\\w)`)
    this.#secrets.push({ what: `code ${code}`, isIn: (text) => pattern.test(text) })
  }

  addSecretKey(what: string, value: string): void {
    const forms = [value, encodeURIComponent(value), Buffer.from(value).toString('base64').replace(/=+$/, '')]
    this.#secrets.push({ what, isIn: (text) => forms.some((form) => text.includes(form)) })
  }

  addSecretPattern(what: string, pattern: RegExp): void {
    this.#secrets.push({ what, isIn: (text) => pattern.test(text) })
  }

  foundIn(text: string): string[] {
    return this.#secrets.filter(({ isIn }) => isIn(text)).map(({ what }) => what)
  }

  /** The secrets found in plain text, and where. */
  found(): string[] {
    return this.seen.flatMap(({ where, text }) => this.foundIn(text).map((what) => `${what} in ${where}`))
  }
}

/** The inbox shows numbers and codes on purpose: it replaces other people's phones. */
const isInbox = (url: string) => /^\/(api\/)?sandbox(\/|$)/.test(new URL(url).pathname)

/** Records every request and response of a page. */
function watch(page: Page, search: LeakSearch): () => Promise<void> {
  const reading: Promise<void>[] = []
  page.on('request', (request) => {
    search.record(`a URL: ${request.method()} ${request.resourceType()}`, request.url())
    search.record('a Referer', request.headers().referer ?? '')
  })
  page.on('response', (response) => reading.push(read(response)))
  page.on('console', (message) => search.record('the browser’s console', message.text()))

  async function read(response: Response): Promise<void> {
    const { pathname } = new URL(response.url())
    const headers = Object.entries(await response.allHeaders()).filter(([name]) => name !== 'set-cookie')
    search.record(`headers of ${pathname}`, JSON.stringify(headers))
    if (isInbox(response.url()) || pathname.startsWith('/_next/static/')) return
    // The body of a page that was left meanwhile is gone and was never shown.
    search.record(`the answer of ${pathname}`, await response.text().catch(() => ''))
  }
  return async () => void (await Promise.all(reading))
}

/** Everything a page can store in the browser, except the session cookie: it is HttpOnly, out of reach for scripts. */
async function searchBrowser(page: Page, search: LeakSearch): Promise<void> {
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
  for (const [where, text] of Object.entries(kept)) search.record(`the browser’s ${where}`, text)
  expect(kept).toMatchObject({ databases: '[]', caches: '[]' })
  for (const { name, value, httpOnly } of await page.context().cookies())
    if (!httpOnly) search.record(`cookie ${name}`, value)
}

async function newestCode({ sandbox }: Console, memberId: string): Promise<string> {
  const [newest] = await sandbox.messages({ accountId: memberId })
  if (!newest) throw new Error('no message was sent for this member')
  return newest.code
}

const wrongOf = (code: string) => (code === '907351' ? '170953' : '907351')

async function signInWithKey(
  page: Page,
  origin: string,
  { keyId, secret }: Pick<Persona, 'keyId' | 'secret'>,
) {
  await page.context().clearCookies()
  await page.goto(`${origin}/sign-in`)
  await page.getByLabel(en.signIn.accessKeyId).fill(keyId)
  await page.getByLabel(en.signIn.accessKeySecret).fill(secret)
  await page.getByRole('button', { name: en.signIn.submit }).click()
}

/** The session's own tokens: scripts cannot read them, and they must appear nowhere else either. */
async function addTokens(page: Page, search: LeakSearch): Promise<void> {
  for (const { name, value, httpOnly } of await page.context().cookies())
    if (httpOnly) search.addSecretKey(`the session’s token (${name})`, value)
}

/** Signs in with a key, binds a phone with a wrong code, a resend and a right code, and visits every screen. */
async function bindInBrowser(page: Page, muster: Console, search: LeakSearch): Promise<void> {
  const { sandbox, origin } = muster
  const [id = ''] = await sandbox.addMembers('international', [{ displayName: 'watched' }])
  search.addSecretNumber('90417733')
  search.addSecretNumber('98203374')

  const [admin] = personas
  if (!admin) throw new Error('no persona')
  await signInWithKey(page, origin, admin)
  await expect(page.getByRole('heading', { name: en.members.title, level: 1 })).toBeVisible()
  await addTokens(page, search)
  await searchBrowser(page, search)

  await page.goto(`${origin}/members/${id}/phone`)
  await page.getByLabel(flow.phone.label).fill('9041 7733')
  await searchBrowser(page, search)
  await page.getByRole('button', { name: flow.send }).click()
  await expect(page.getByRole('heading', { name: flow.code.title })).toBeVisible()
  search.addSecretCode(await newestCode(muster, id))
  await searchBrowser(page, search)
  await page.getByRole('button', { name: words.changeNumber }).click()
  await expect(page.getByLabel(flow.phone.label)).toBeVisible()
  await sandbox.advance(60)
  await page.getByLabel(flow.phone.label).fill('98203374')
  await page.getByRole('button', { name: flow.send, exact: true }).click()
  await expect(page.getByRole('heading', { name: flow.code.title })).toBeVisible()
  search.addSecretCode(await newestCode(muster, id))
  await sandbox.advance(60)
  await page.reload()
  await page.getByRole('button', { name: flow.again, exact: true }).click()
  await expect.poll(async () => (await sandbox.messages({ accountId: id })).length).toBe(3)
  // The page has the answer, too, and a new field.
  await expect(page.getByRole('button', { name: /^Send again in/ })).toBeVisible()
  const code = await newestCode(muster, id)
  search.addSecretCode(code)
  search.addSecretCode(wrongOf(code))
  const enter = async (typed: string) => {
    await page.getByLabel(flow.code.label).fill(typed)
    await page.getByRole('button', { name: words.bind }).click()
  }
  await enter(wrongOf(code))
  await expect(page.getByText('9 attempts left')).toBeVisible()
  await searchBrowser(page, search)
  await enter(code)
  await expect(page.getByRole('heading', { name: /^Phone bound to/ })).toBeVisible()
  await searchBrowser(page, search)
  for (const there of [`/members/${id}`, '/members?q=watched', '/settings', '/sandbox']) {
    await page.goto(`${origin}${there}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
    await searchBrowser(page, search)
  }
}

/** Attaches a network to another account's CEN with a wrong code, a check and the right code; the list contains secrets. */
async function attachInBrowser(page: Page, { sandbox, origin }: Console, search: LeakSearch): Promise<void> {
  const owner = await sandbox.addAccount('international')
  const order = [{ name: 'watched' }, { name: 'watched AD', officeSiteType: 'AD_CONNECTOR' }] as const
  const [networkId = ''] = await sandbox.addNetworks('international', order, 'ap-southeast-1')
  search.addSecretPattern('a secret of an office network', /sandbox-secret-(?:domain|trust|key|client)-/i)
  // The console does not know where Alibaba Cloud sends the code.
  search.addSecretPattern('the owner’s mailbox', new RegExp(owner.account.email ?? 'no mailbox'))
  search.addSecretNumber(owner.account.phone?.split('-')[1] ?? '')
  const words = { ...en.networks, ...en.attach }
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()

  await page.goto(`${origin}/networks?region=ap-southeast-1`)
  await expect(page.getByRole('row').filter({ hasText: networkId })).toBeVisible()
  await searchBrowser(page, search)
  await page.goto(`${origin}/networks/ap-southeast-1/${encodeURIComponent(networkId)}/attach`)
  await page.getByRole('radio', { name: words.choose.crossAccount }).check()
  await page.getByLabel(words.crossAccount.cen).fill(owner.cenId)
  await page.getByLabel(words.crossAccount.owner).fill(owner.account.id)
  await press(flow.send)
  await expect(page.getByRole('heading', { name: flow.code.title })).toBeVisible()
  const [message] = await sandbox.messages({ accountId: owner.account.id })
  const code = message?.code ?? ''
  for (const typed of [wrongOf(code), code]) {
    search.addSecretCode(typed)
    await page.getByLabel(flow.code.label).fill(typed)
    await searchBrowser(page, search)
    await press(words.check.verb)
    await expect(page.getByText(typed === code ? words.check.fits : '9 attempts left')).toBeVisible()
  }
  await press(words.attachVerb)
  await expect(page.getByText(words.waiting.accepted, { exact: true })).toBeVisible()
  await searchBrowser(page, search)
}

/** Enables a directory with a new account; sends the code to the account's own phone, then to a typed number. */
async function enableInBrowser(page: Page, { sandbox, origin }: Console, search: LeakSearch): Promise<void> {
  const { account, persona } = await sandbox.addAccount('international')
  search.addSecretKey('the secret of a company’s key', persona.secret)
  search.addSecretNumber(account.phone?.split('-')[1] ?? '')
  search.addSecretNumber('93318046')
  const words = en.enable
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const newestCode = async () => (await sandbox.messages({ accountId: account.id }))[0]?.code ?? ''

  await signInWithKey(page, origin, persona)
  await expect(page.getByRole('heading', { name: words.choose.title })).toBeVisible()
  await addTokens(page, search)
  await page.goto(`${origin}/directory/enable?mode=new`)
  for (const number of ['', '9331 8046']) {
    await page.getByLabel(words.phone.name).fill(`watched-${account.id}`)
    await page.getByLabel(flow.phone.label).fill(number)
    await searchBrowser(page, search)
    await press(flow.send)
    await expect(page.getByRole('heading', { name: words.code.title })).toBeVisible()
    search.addSecretCode(await newestCode())
    await searchBrowser(page, search)
    if (number) break
    await press(words.changeNumber)
    await expect(page.getByLabel(words.phone.name)).toBeVisible()
    await sandbox.advance(60)
  }
  await page.getByLabel(flow.code.label).fill(await newestCode())
  await page.locator('input[name=confirmation]').fill(account.id)
  await searchBrowser(page, search)
  await press(words.dryRun.verb)
  await expect(page.getByText(words.dryRun.passed)).toBeVisible()
  await press(words.enable)
  await expect(page.getByRole('heading', { name: words.done.title })).toBeVisible()
  await searchBrowser(page, search)
}

const replacing = ['silent', 'reset', 'html502', 'empty'] as const
const faults = [
  ...replacing.map((fault) => ({ fault, effect: true })),
  ...replacing.map((fault) => ({ fault, effect: false })),
  { fault: 'throttle' },
  { fault: 'unavailable' },
  { fault: 'slow:2500' },
  // Their messages repeat the call, including its number and code.
  { fault: 'code:SignatureDoesNotMatch' },
  { fault: 'code:NoPermission' },
]

type Order = (typeof faults)[number]

/** Calls routes as the caller and records all responses. */
function asking(search: LeakSearch, caller: Caller, when: string) {
  async function answered(what: string, reply: Awaited<ReturnType<Caller['get']>>) {
    const text = await reply.text()
    search.record(`the answer of ${what} ${when}`, text)
    search.record(`headers of ${what} ${when}`, JSON.stringify(reply.headers()))
    return text
  }
  return {
    post: async (path: string, body: object = {}) =>
      JSON.parse(await answered(path, await caller.post(path, body))),
    get: async (path: string) => void (await answered(path, await caller.get(path))),
  }
}

/** The bind flow under one fault, signed in through a role. Whatever its outcome, nothing may leak. */
async function bindUnderFault(
  { sandbox }: Console,
  search: LeakSearch,
  caller: Caller,
  { at, order, index }: { at: 'send' | 'act'; order: Order; index: number },
) {
  const [id = ''] = await sandbox.addMembers('international', [{}])
  const national = `8${at === 'send' ? 3 : 6}${String(index).padStart(2, '0')}4179`
  search.addSecretNumber(national)
  const { get, post } = asking(search, caller, `under ${order.fault} at ${at}`)
  const path = `/api/members/${id}/phone`
  await sandbox.arm({ operation: at === 'send' ? send : bind, match: { accountId: id }, ...order })
  await post(`${path}/check`, { phone: `65-${national}` })
  let sent = await post(`${path}/code`, { phone: `65-${national}` })
  // Nothing was sent: because of the fault, or because too many simultaneous calls exceeded the account's rate.
  while (sent.error?.code === 'cloud.busy') sent = await post(`${path}/code`, { phone: `65-${national}` })
  const [message] = await sandbox.messages({ accountId: id })
  if (message) search.addSecretCode(message.code)
  const code = message?.code ?? '640271'
  if (sent.request) await post(path, { requestId: sent.request.id, code })
  await post(`${path}/reconcile`)
  for (const there of [`/api/members/${id}`, path, `/members/${id}/phone`, `/members/${id}`]) await get(there)
  await caller.request.dispose()
}

/** Enables a directory or attaches a network under one fault, in a separate company. */
async function otherFlowUnderFault(
  { sandbox, origin }: Console,
  search: LeakSearch,
  { what, at, order }: { what: 'enabling' | 'attaching'; at: 'send' | 'act'; order: Order },
) {
  const [{ account, persona }, owner] = [
    await sandbox.addAccount('international'),
    await sandbox.addAccount('international'),
  ]
  search.addSecretKey('the secret of a company’s key', persona.secret)
  for (const { phone } of [account, owner.account]) search.addSecretNumber(phone?.split('-')[1] ?? '')
  const caller = await signedInCaller(origin, persona.id)
  const { cookies } = await caller.request.storageState()
  for (const { value } of cookies) search.addSecretKey('a session’s token', value)
  const { get, post } = asking(search, caller, `of ${what} under ${order.fault} at ${at}`)
  const [networkId = ''] = await sandbox.addNetworks({ accountId: account.id }, [{}], 'ap-southeast-1')
  const network = `/api/networks/ap-southeast-1/${networkId}`
  const { path, act, page, wanted, about, operations } =
    what === 'enabling'
      ? {
          path: '/api/directory/enable',
          act: '/api/directory/enable',
          page: '/directory/enable',
          wanted: { namePrefix: `ma-${account.id}` },
          about: account.id,
          operations: {
            send: 'SendVerificationCodeForEnableRD',
            act: 'ResourceManager/EnableResourceDirectory',
          },
        }
      : {
          path: network,
          act: `${network}/attach`,
          page: `/networks/ap-southeast-1/${networkId}/attach`,
          wanted: { cenId: owner.cenId, ownerId: owner.account.id },
          about: owner.account.id,
          operations: { send: 'SendVerifyCode', act: 'AttachCen' },
        }
  await sandbox.arm({ operation: operations[at], match: { caller: persona.userName ?? '' }, ...order })
  let sent = await post(`${path}/code`, wanted)
  while (sent.error?.code === 'cloud.busy') sent = await post(`${path}/code`, wanted)
  const [message] = await sandbox.messages({ accountId: about })
  if (message) search.addSecretCode(message.code)
  const code = message?.code ?? '640271'
  if (sent.request) {
    const confirmation = what === 'enabling' && { confirmation: account.id }
    await post(act, { requestId: sent.request.id, code, ...confirmation })
  }
  await post(`${path}/reconcile`)
  for (const there of [path, page]) await get(there)
  await caller.request.dispose()
}

/** @param at which call gets the faults; the console on the other engine covers the other call */
async function runAllFlows(page: Page, muster: Console, search: LeakSearch, at: 'send' | 'act') {
  const allRead = watch(page, search)
  await bindInBrowser(page, muster, search)
  await attachInBrowser(page, muster, search)
  await enableInBrowser(page, muster, search)
  await allRead()
  const waiting: (() => Promise<void>)[] = []
  for (const [index, order] of faults.entries()) {
    // One by one: that many at once from one address would look like guessing.
    const caller = await signedInCaller(muster.origin, 'intl-admin')
    const { cookies } = await caller.request.storageState()
    for (const { value } of cookies) search.addSecretKey('a session’s token', value)
    waiting.push(() => bindUnderFault(muster, search, caller, { at, order, index }))
  }
  for (const what of ['enabling', 'attaching'] as const) {
    for (const order of faults) waiting.push(() => otherFlowUnderFault(muster, search, { what, at, order }))
  }
  const inTurn = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next()
  }
  await Promise.all(Array.from({ length: 6 }, inTurn))
  // Each fault was used.
  expect(await muster.sandbox.faults()).toEqual([])
  for (const { keyId, secret } of personas) search.addSecretKey(`the secret of ${keyId}`, secret)
}

/** Temporary keys from the emulator. Only its state may hold them in plain text, which also proves that the search works. */
function addIssuedKeys(dataDir: string, search: LeakSearch): void {
  const state = readFileSync(path.join(dataDir, 'sandbox.json'), 'utf8')
  const { tokens } = JSON.parse(state) as {
    tokens: { keyId: string; secret: string; token: string }[]
  }
  expect(tokens.length).toBeGreaterThanOrEqual(faults.length)
  for (const { keyId, secret, token } of tokens) {
    search.addSecretKey('the id of a temporary key', keyId)
    search.addSecretKey('the secret of a temporary key', secret)
    search.addSecretKey('a security token', token)
  }
  const kinds = search.foundIn(state).map((what) => what.replace(/ \d+$/, ''))
  for (const kind of ['number', 'code', 'the secret of a temporary key', 'a security token'])
    expect(kinds.filter((found) => found === kind).length).toBeGreaterThanOrEqual(faults.length)
}

/** Every byte of the data folder except the emulator's own state: tables, indexes, write-ahead log. */
function searchFiles(dataDir: string, search: LeakSearch): void {
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'sandbox.json')
    .map((entry) => path.join(entry.parentPath, entry.name))
  for (const file of files) search.record(path.relative(dataDir, file), readFileSync(file, 'latin1'))
}

async function searchTables(url: string, search: LeakSearch): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  expect(tables.length).toBeGreaterThan(8)
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t`)
    search.record(`table ${name}`, rows.map(({ row }) => row).join('\n'))
  }
  await client.end()
}

const test = serverTest
/** A refused send can be repeated immediately. */
const noCooldown = { MUSTER_COOLDOWN_REFUSED_SECONDS: '0' }

test.describe('whatever happens, no number, code, key or token is disclosed', () => {
  test('by a console with its embedded database, even with debug output requested', async ({ page }) => {
    test.setTimeout(240_000)
    const search = new LeakSearch()
    const muster = await startConsole({ ...printing, ...noCooldown }, startScript)
    try {
      await runAllFlows(page, muster, search, 'send')
    } finally {
      await muster.stop('SIGTERM')
    }
    search.record('the output', muster.output())
    addIssuedKeys(muster.dataDir, search)
    searchFiles(muster.dataDir, search)
    expect(search.found()).toEqual([])
    const places = search.seen.map(({ where }) => where)
    expect(places).toEqual(expect.arrayContaining([expect.stringMatching(/pg_wal/), 'the output']))
    // The search works: it finds names and IDs of members, which are not secret.
    expect(search.seen.filter(({ text }) => text.includes('watched')).length).toBeGreaterThan(3)
    muster.removeData()
  })

  test('by a console on a PostgreSQL server', async ({ page }) => {
    test.setTimeout(240_000)
    const search = new LeakSearch()
    const { muster, databaseUrl, end } = await startOnServer(noCooldown)
    try {
      await runAllFlows(page, muster, search, 'act')
      await searchTables(databaseUrl, search)
    } finally {
      await muster.stop('SIGTERM')
    }
    search.record('the output', muster.output())
    addIssuedKeys(muster.dataDir, search)
    expect(search.found()).toEqual([])
    await end()
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
