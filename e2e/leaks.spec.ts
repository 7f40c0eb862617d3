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

  keepsPattern(what: string, pattern: RegExp): void {
    this.#secrets.push({ what, standsIn: (text) => pattern.test(text) })
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

/** The session's own tokens: what a script cannot read nobody else is to be told either. */
async function keepTokens(page: Page, witness: Witness): Promise<void> {
  for (const { name, value, httpOnly } of await page.context().cookies())
    if (httpOnly) witness.keepsKey(`the session’s token (${name})`, value)
}

/** Signs in with a key, binds a phone with a wrong code, a resend and a right code, and visits every screen. */
async function bindInBrowser(page: Page, muster: Console, witness: Witness): Promise<void> {
  const { sandbox, origin } = muster
  const [id = ''] = await sandbox.addMembers('international', [{ displayName: 'watched' }])
  witness.keepsNumber('90417733')
  witness.keepsNumber('98203374')

  const [admin] = personas
  if (!admin) throw new Error('no persona')
  await signInWithKey(page, origin, admin)
  await expect(page.getByRole('heading', { name: en.members.title, level: 1 })).toBeVisible()
  await keepTokens(page, witness)
  await searchBrowser(page, witness)

  await page.goto(`${origin}/members/${id}/phone`)
  await page.getByLabel(flow.phone.label).fill('9041 7733')
  await searchBrowser(page, witness)
  await page.getByRole('button', { name: flow.send }).click()
  await expect(page.getByRole('heading', { name: flow.code.title })).toBeVisible()
  witness.keepsCode(await newestCode(muster, id))
  await searchBrowser(page, witness)
  await page.getByRole('button', { name: words.changeNumber }).click()
  await expect(page.getByLabel(flow.phone.label)).toBeVisible()
  await sandbox.advance(60)
  await page.getByLabel(flow.phone.label).fill('98203374')
  await page.getByRole('button', { name: flow.send, exact: true }).click()
  await expect(page.getByRole('heading', { name: flow.code.title })).toBeVisible()
  witness.keepsCode(await newestCode(muster, id))
  await sandbox.advance(60)
  await page.reload()
  await page.getByRole('button', { name: flow.again, exact: true }).click()
  await expect.poll(async () => (await sandbox.messages({ accountId: id })).length).toBe(3)
  // The page has the answer, too, and with it a new field.
  await expect(page.getByRole('button', { name: /^Send again in/ })).toBeVisible()
  const code = await newestCode(muster, id)
  witness.keepsCode(code)
  witness.keepsCode(wrongOf(code))
  const enter = async (typed: string) => {
    await page.getByLabel(flow.code.label).fill(typed)
    await page.getByRole('button', { name: words.bind }).click()
  }
  await enter(wrongOf(code))
  await expect(page.getByText('9 attempts left')).toBeVisible()
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

/** Joins a network to another account's CEN with a wrong code, a check and the right code; its list has what may not be told. */
async function attachInBrowser(page: Page, { sandbox, origin }: Console, witness: Witness): Promise<void> {
  const owner = await sandbox.addAccount('international')
  const order = [{ name: 'watched' }, { name: 'watched AD', officeSiteType: 'AD_CONNECTOR' }] as const
  const [networkId = ''] = await sandbox.addNetworks('international', order, 'ap-southeast-1')
  witness.keepsPattern('a secret of an office network', /sandbox-secret-(?:domain|trust|key|client)-/i)
  // Whom Alibaba Cloud sends the code to is not known here.
  witness.keepsPattern('the owner’s mailbox', new RegExp(owner.account.email ?? 'no mailbox'))
  witness.keepsNumber(owner.account.phone?.split('-')[1] ?? '')
  const words = { ...en.networks, ...en.attach }
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()

  await page.goto(`${origin}/networks?region=ap-southeast-1`)
  await expect(page.getByRole('row').filter({ hasText: networkId })).toBeVisible()
  await searchBrowser(page, witness)
  await page.goto(`${origin}/networks/ap-southeast-1/${encodeURIComponent(networkId)}/attach`)
  await page.getByRole('radio', { name: words.choose.crossAccount }).check()
  await page.getByLabel(words.crossAccount.cen).fill(owner.cenId)
  await page.getByLabel(words.crossAccount.owner).fill(owner.account.id)
  await press(flow.send)
  await expect(page.getByRole('heading', { name: flow.code.title })).toBeVisible()
  const [message] = await sandbox.messages({ accountId: owner.account.id })
  const code = message?.code ?? ''
  for (const typed of [wrongOf(code), code]) {
    witness.keepsCode(typed)
    await page.getByLabel(flow.code.label).fill(typed)
    await searchBrowser(page, witness)
    await press(words.check.verb)
    await expect(page.getByText(typed === code ? words.check.fits : '9 attempts left')).toBeVisible()
  }
  await press(words.attachVerb)
  await expect(page.getByText(words.waiting.accepted, { exact: true })).toBeVisible()
  await searchBrowser(page, witness)
}

/** Enables a directory with a new account: asks for the code at the account's own phone, then at a typed number. */
async function enableInBrowser(page: Page, { sandbox, origin }: Console, witness: Witness): Promise<void> {
  const { account, persona } = await sandbox.addAccount('international')
  witness.keepsKey('the secret of a company’s key', persona.secret)
  witness.keepsNumber(account.phone?.split('-')[1] ?? '')
  witness.keepsNumber('93318046')
  const words = en.enable
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const newestCode = async () => (await sandbox.messages({ accountId: account.id }))[0]?.code ?? ''

  await signInWithKey(page, origin, persona)
  await expect(page.getByRole('heading', { name: words.choose.title })).toBeVisible()
  await keepTokens(page, witness)
  await page.goto(`${origin}/directory/enable?mode=new`)
  for (const number of ['', '9331 8046']) {
    await page.getByLabel(words.phone.name).fill(`watched-${account.id}`)
    await page.getByLabel(flow.phone.label).fill(number)
    await searchBrowser(page, witness)
    await press(flow.send)
    await expect(page.getByRole('heading', { name: words.code.title })).toBeVisible()
    witness.keepsCode(await newestCode())
    await searchBrowser(page, witness)
    if (number) break
    await press(words.changeNumber)
    await expect(page.getByLabel(words.phone.name)).toBeVisible()
    await sandbox.advance(60)
  }
  await page.getByLabel(flow.code.label).fill(await newestCode())
  await page.locator('input[name=confirmation]').fill(account.id)
  await searchBrowser(page, witness)
  await press(words.dryRun.verb)
  await expect(page.getByText(words.dryRun.passed)).toBeVisible()
  await press(words.enable)
  await expect(page.getByRole('heading', { name: words.done.title })).toBeVisible()
  await searchBrowser(page, witness)
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

type Order = (typeof faults)[number]

/** Asks as somebody does and keeps all that is answered. */
function asking(witness: Witness, caller: Caller, when: string) {
  async function answered(what: string, reply: Awaited<ReturnType<Caller['get']>>) {
    const text = await reply.text()
    witness.saw(`the answer of ${what} ${when}`, text)
    witness.saw(`headers of ${what} ${when}`, JSON.stringify(reply.headers()))
    return text
  }
  return {
    post: async (path: string, body: object = {}) =>
      JSON.parse(await answered(path, await caller.post(path, body))),
    get: async (path: string) => void (await answered(path, await caller.get(path))),
  }
}

/** The same flow under one fault, signed in through a role. Whatever its outcome, nothing may be told. */
async function bindUnderFault(
  { sandbox }: Console,
  witness: Witness,
  caller: Caller,
  { at, order, index }: { at: 'send' | 'act'; order: Order; index: number },
) {
  const [id = ''] = await sandbox.addMembers('international', [{}])
  const national = `8${at === 'send' ? 3 : 6}${String(index).padStart(2, '0')}4179`
  witness.keepsNumber(national)
  const { get, post } = asking(witness, caller, `under ${order.fault} at ${at}`)
  const path = `/api/members/${id}/phone`
  await sandbox.arm({ operation: at === 'send' ? send : bind, match: { accountId: id }, ...order })
  await post(`${path}/check`, { phone: `65-${national}` })
  let sent = await post(`${path}/code`, { phone: `65-${national}` })
  // Nothing was sent: the fault said so, or many calls at once passed the pace of the account.
  while (sent.error?.code === 'cloud.busy') sent = await post(`${path}/code`, { phone: `65-${national}` })
  const [message] = await sandbox.messages({ accountId: id })
  if (message) witness.keepsCode(message.code)
  const code = message?.code ?? '640271'
  if (sent.request) await post(path, { requestId: sent.request.id, code })
  await post(`${path}/reconcile`)
  for (const there of [`/api/members/${id}`, path, `/members/${id}/phone`, `/members/${id}`]) await get(there)
  await caller.request.dispose()
}

/** Enables a directory, or joins a network, under one fault in a company of its own. */
async function elsewhereUnderFault(
  { sandbox, origin }: Console,
  witness: Witness,
  { what, at, order }: { what: 'enabling' | 'joining'; at: 'send' | 'act'; order: Order },
) {
  const [{ account, persona }, owner] = [
    await sandbox.addAccount('international'),
    await sandbox.addAccount('international'),
  ]
  witness.keepsKey('the secret of a company’s key', persona.secret)
  for (const { phone } of [account, owner.account]) witness.keepsNumber(phone?.split('-')[1] ?? '')
  const caller = await signedInCaller(origin, persona.id)
  const { cookies } = await caller.request.storageState()
  for (const { value } of cookies) witness.keepsKey('a session’s token', value)
  const { get, post } = asking(witness, caller, `of ${what} under ${order.fault} at ${at}`)
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
  if (message) witness.keepsCode(message.code)
  const code = message?.code ?? '640271'
  if (sent.request) {
    const confirmation = what === 'enabling' && { confirmation: account.id }
    await post(act, { requestId: sent.request.id, code, ...confirmation })
  }
  await post(`${path}/reconcile`)
  for (const there of [path, page]) await get(there)
  await caller.request.dispose()
}

/** @param at which call meets the faults; the console on the other engine tries the other one */
async function wholeFlow(page: Page, muster: Console, witness: Witness, at: 'send' | 'act') {
  const allRead = watch(page, witness)
  await bindInBrowser(page, muster, witness)
  await attachInBrowser(page, muster, witness)
  await enableInBrowser(page, muster, witness)
  await allRead()
  const waiting: (() => Promise<void>)[] = []
  for (const [index, order] of faults.entries()) {
    // One after the other: as many at once from one address would look like guesses.
    const caller = await signedInCaller(muster.origin, 'intl-admin')
    const { cookies } = await caller.request.storageState()
    for (const { value } of cookies) witness.keepsKey('a session’s token', value)
    waiting.push(() => bindUnderFault(muster, witness, caller, { at, order, index }))
  }
  for (const what of ['enabling', 'joining'] as const) {
    for (const order of faults) waiting.push(() => elsewhereUnderFault(muster, witness, { what, at, order }))
  }
  const inTurn = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next()
  }
  await Promise.all(Array.from({ length: 6 }, inTurn))
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
  expect(tokens.length).toBeGreaterThanOrEqual(faults.length)
  for (const { keyId, secret, token } of tokens) {
    witness.keepsKey('the id of a temporary key', keyId)
    witness.keepsKey('the secret of a temporary key', secret)
    witness.keepsKey('a security token', token)
  }
  const kinds = witness.foundIn(state).map((what) => what.replace(/ \d+$/, ''))
  for (const kind of ['number', 'code', 'the secret of a temporary key', 'a security token'])
    expect(kinds.filter((found) => found === kind).length).toBeGreaterThanOrEqual(faults.length)
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
      await wholeFlow(page, muster, witness, 'send')
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
    const { muster, databaseUrl, end } = await startOnServer(patience)
    try {
      await wholeFlow(page, muster, witness, 'act')
      await searchTables(databaseUrl, witness)
    } finally {
      await muster.stop('SIGTERM')
    }
    witness.saw('the output', muster.output())
    keepIssuedKeys(muster.dataDir, witness)
    expect(witness.found()).toEqual([])
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
