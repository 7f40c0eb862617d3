import { randomInt } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eq, sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createCloud, operatorPolicy } from '@/lib/alicloud'
import { auditTalliedSignIns, listAudit } from '@/lib/audit'
import { SignIn } from '@/lib/contract/session'
import { createPacer, session, signinAttempt, signinTally } from '@/lib/db'
import { listMembers } from '../members'
import { getMe } from '../session'
import { failureOf, startTestConsole, type TestConsole, tokenOf } from '../testing'
import { signIn, signInAsPersona } from './sign-in'

const harbour = '5182640937715520'
const ventures = '5930174486201845'
const haigang = '1386710452098837'
const roleOfVentures = `acs:ram::${ventures}:role/harbour-group-admin`

let muster: TestConsole

beforeAll(async () => {
  // Long enough for many concurrent sign-ins on a busy machine, so that none counts as an outage.
  muster = await startTestConsole({ MUSTER_CALL_DEADLINE_SECONDS: '10', MUSTER_SETTLE_SECONDS: '20' })
})
afterAll(() => muster.close())
afterEach(() => muster.sandbox.disarmAll())

const intlAdmin = {
  site: 'international',
  accessKeyId: 'SANDBOX-INTL-ADMIN',
  accessKeySecret: 'sandbox-secret-intl-admin',
} as const

describe('who may sign in', () => {
  test('an administrator through a role: the key is discarded, the role session is stored sealed', async () => {
    const actor = await muster.signedInAs('intl-admin')
    expect(actor.session).toMatchObject({
      operatorName: 'wei.tan',
      method: 'assumed_role',
      site: 'international',
    })
    expect(actor.session.credentials.accessKeyId).toMatch(/^STS\./)
    expect(actor.session.arn).toMatch(
      /role\/muster-operator\/wei\.tan$|assumed-role\/muster-operator\/wei\.tan$/,
    )
    const { rows } = await muster.services.db.execute<{ all: string }>(
      sql`select string_agg(session::text, '') as all from session`,
    )
    expect(rows[0]?.all).toContain('wei.tan')
    expect(rows[0]?.all).not.toContain(actor.session.credentials.accessKeyId)
    expect(rows[0]?.all).not.toContain('sandbox-secret')
    expect(await getMe.run(actor, {})).toMatchObject({
      operatorName: 'wei.tan',
      cloud: 'sandbox',
      directory: { name: null },
    })
  })

  test('with a key and no role: the key is stored sealed for the session', async () => {
    const done = signIn.perform(muster.visitor(), intlAdmin)
    expect((await done).output).toEqual({ operatorName: 'wei.tan', hasDirectory: true })
    const actor = await muster.actorOf(await tokenOf(done))
    expect(actor.session).toMatchObject({
      method: 'access_key',
      credentials: { accessKeyId: 'SANDBOX-INTL-ADMIN' },
    })
  })

  test('an operator without a directory may sign in, and is shown what is missing', async () => {
    const actor = await muster.signedInAs('no-directory')
    expect(actor.directoryId).toBeNull()
    expect(await failureOf(listMembers, actor, { page: 1 })).toMatchObject({ code: 'directory.none' })
  })

  test.each([
    ['root', 'signin.root_refused'],
    ['member', 'signin.not_management_account'],
    ['nobody', 'page.not_found'],
  ])('%s is refused', async (persona, code) => {
    const visit = muster.visitor()
    expect(await failureOf(signInAsPersona, visit, { persona })).toMatchObject({ code })
  })

  test('an incorrect secret, an unknown key and a missing role are reported separately', async () => {
    const visit = () => muster.visitor({ address: '192.0.2.77' })
    expect(await failureOf(signIn, visit(), { ...intlAdmin, accessKeySecret: 'wrong' })).toMatchObject({
      code: 'signin.secret_wrong',
    })
    expect(await failureOf(signIn, visit(), { ...intlAdmin, accessKeyId: 'SANDBOX-NOBODY' })).toMatchObject({
      code: 'signin.key_unknown',
    })
    const roleArn = 'acs:ram::5182640937715520:role/nobody'
    expect(await failureOf(signIn, visit(), { ...intlAdmin, roleArn })).toMatchObject({
      code: 'signin.role_missing',
    })
  })

  test('a real key is refused by the sandbox console before anything is sent', async () => {
    const refused = await failureOf(signIn, muster.visitor(), {
      ...intlAdmin,
      accessKeyId: 'LTAI5tRealLookingKey',
    })
    expect(refused).toMatchObject({ code: 'signin.sandbox_keys_only' })
    expect(await muster.sandbox.calls({ callerKeyId: 'LTAI5tRealLookingKey' } as never)).toEqual([])
  })

  test('a check without an answer signs nobody in, and does not count as a guess', async () => {
    await muster.sandbox.arm({ operation: 'GetResourceDirectory', fault: 'silent', times: 2 })
    const visit = muster.visitor()
    expect(await failureOf(signIn, visit, intlAdmin)).toMatchObject({ code: 'cloud.silent' })
  })
})

describe('failed sign-ins', () => {
  const guess = (address: string, accessKeyId = 'SANDBOX-INTL-ADMIN') =>
    failureOf(signIn, muster.visitor({ address }), { ...intlAdmin, accessKeyId, accessKeySecret: 'guess' })

  test('ten with one key from one address block that address, and no one else', async () => {
    for (let count = 0; count < 10; count++)
      expect((await guess('198.51.100.1')).code).toBe('signin.secret_wrong')
    expect(await guess('198.51.100.1')).toMatchObject({
      code: 'signin.too_many_failures',
      params: { minutes: 15 },
    })
    expect(await failureOf(signIn, muster.visitor({ address: '198.51.100.1' }), intlAdmin)).toMatchObject({
      code: 'signin.too_many_failures',
    })
    const elsewhere = muster.visitor({ address: '198.51.100.2' })
    expect(await tokenOf(signIn.perform(elsewhere, intlAdmin))).not.toBe('')
  })

  test('a refusal of a correct key of a member account is not a guess', async () => {
    const address = '198.51.100.30'
    const persona = 'member'
    for (let count = 0; count < 11; count++)
      expect(await failureOf(signInAsPersona, muster.visitor({ address }), { persona })).toMatchObject({
        code: 'signin.not_management_account',
      })
    const attempts = await muster.services.db
      .select({ state: signinAttempt.state })
      .from(signinAttempt)
      .where(eq(signinAttempt.network, address))
    expect(new Set(attempts.map(({ state }) => state))).toEqual(new Set(['other']))
  })

  test('thirty from one address block it for every key', async () => {
    for (let count = 0; count < 30; count++) await guess('198.51.100.3', `SANDBOX-GUESS-${count}`)
    expect((await guess('198.51.100.3', 'SANDBOX-ANOTHER')).code).toBe('signin.too_many_failures')
  })

  test('forty simultaneous ones are counted before they are made: only ten are sent', async () => {
    // With a wrong signature the caller is unknown, so these calls can only be counted together.
    const tried = async () => (await muster.sandbox.calls()).length
    const before = await tried()
    const codes = await Promise.all(
      Array.from({ length: 40 }, async () => (await guess('198.51.100.4')).code),
    )
    expect(codes.filter((code) => code === 'signin.secret_wrong')).toHaveLength(10)
    expect(codes.filter((code) => code === 'signin.too_many_failures')).toHaveLength(30)
    expect((await tried()) - before).toBe(10)
  })

  test('a sign-in that succeeds or gets no answer is not counted', async () => {
    const address = '198.51.100.5'
    await muster.sandbox.arm({ operation: 'GetCallerIdentity', fault: 'empty', times: 2 })
    await failureOf(signIn, muster.visitor({ address }), intlAdmin)
    await muster.sandbox.disarmAll()
    for (let count = 0; count < 12; count++) await signIn.run(muster.visitor({ address }), intlAdmin)
    expect((await guess(address)).code).toBe('signin.secret_wrong')
  })

  test('fifty colleagues with correct keys behind one address can sign in at the same time', async () => {
    const visits = Array.from({ length: 50 }, () => muster.visitor({ address: '198.51.100.7' }))
    const tokens = await Promise.all(visits.map((visit) => tokenOf(signIn.perform(visit, intlAdmin))))
    expect(new Set(tokens).size).toBe(50)
  })

  test.each([
    ['one key', () => 'SANDBOX-INTL-ADMIN', 10],
    ['many keys', (guess: number) => `SANDBOX-GUESS-${guess}`, 30],
  ])(
    '120 simultaneous guesses from one /64, with %s, are limited like those from one address',
    async (keys, key, most) => {
      const before = (await muster.sandbox.calls()).length
      const prefix = `2001:db8:0:${keys.length}`
      const codes = await Promise.all(
        Array.from({ length: 120 }, async (_, n) => (await guess(`${prefix}:${n + 1}:1:1:1`, key(n))).code),
      )
      expect((await muster.sandbox.calls()).length - before).toBe(most)
      expect(codes.filter((code) => code === 'signin.too_many_failures')).toHaveLength(120 - most)
      const neighbour = muster.visitor({ address: '2001:db8:1::1' })
      expect(await tokenOf(signIn.perform(neighbour, intlAdmin))).not.toBe('')
    },
  )

  test('during an outage no more than sixty of a hundred attempts are made', async () => {
    await muster.sandbox.arm({ operation: 'GetCallerIdentity', fault: 'unavailable', times: 500 })
    const before = (await muster.sandbox.calls()).length
    const address = '198.51.100.8'
    const attempt = async () => (await failureOf(signIn, muster.visitor({ address }), intlAdmin)).code
    const codes = await Promise.all(Array.from({ length: 100 }, attempt))
    expect((await muster.sandbox.calls()).length - before).toBe(60)
    expect(codes.filter((code) => code === 'cloud.unavailable')).toHaveLength(60)
    expect(codes.filter((code) => code === 'signin.too_many_failures')).toHaveLength(40)
  })

  test('successful sign-ins are limited as well', async () => {
    const address = '198.51.100.9'
    const row = { keyFingerprint: 'any', network: address, state: 'passed' } as const
    await muster.services.db.insert(signinAttempt).values(Array.from({ length: 300 }, () => row))
    const refused = await failureOf(signIn, muster.visitor({ address }), intlAdmin)
    expect(refused.code).toBe('signin.too_many_failures')
  })
})

describe('the account of a role', () => {
  test.each([roleOfVentures, roleOfVentures.replace('acs:ram', 'ACS:RAM').replace('role', 'Role')])(
    'must be that of the key, or the role is not assumed: %s',
    async (roleArn) => {
      const visit = muster.visitor()
      const assumed = async () => (await muster.sandbox.calls({ operation: 'AssumeRole' })).length
      const sessions = () => muster.services.db.$count(session)
      const before = [await assumed(), await sessions()]
      expect(await failureOf(signIn, visit, { ...intlAdmin, roleArn })).toMatchObject({
        code: 'signin.role_of_other_account',
        params: { account: harbour },
        fields: { roleArn: 'signin.role_of_other_account' },
      })
      expect([await assumed(), await sessions()]).toEqual(before)
    },
  )

  test('is that of the assumed credentials, whatever the ARN says', async () => {
    const roleArn = `acs:ram::${harbour}:role/muster-operator`
    const { visit, received } = await visitorOf({ key: harbour, role: ventures })
    expect(await failureOf(signIn, visit, { ...intlAdmin, roleArn })).toMatchObject({
      code: 'signin.role_of_other_account',
      params: { account: harbour },
    })
    expect(received).toEqual(['GetCallerIdentity', 'AssumeRole', 'GetCallerIdentity'])
  })

  test('is that of the session for temporary credentials from elsewhere, recorded as a role session', async () => {
    const { site, ...credentials } = intlAdmin
    const cloud = muster.services.cloudFor({ credentials, site, accountId: null })
    const role = await cloud.assumeRole({
      roleArn: roleOfVentures,
      sessionName: 'wei.tan',
      durationSeconds: 900,
      policy: operatorPolicy(),
    })
    const actor = await muster.signedInWith({ site, ...role.credentials })
    const facts = {
      accountId: ventures,
      operatorName: 'harbour-group-admin/wei.tan',
      method: 'role_session',
    }
    expect(actor.session).toMatchObject({
      ...facts,
      directoryId: null,
      roleArn: null,
      arn: `acs:ram::${ventures}:assumed-role/harbour-group-admin/wei.tan`,
    })
    const rows = await listAudit(muster.services.db, { accountId: ventures }, { limit: 10 })
    const own = rows.filter(({ correlationId }) => correlationId === actor.requestId)
    expect(own).toMatchObject([
      { ...facts, outcome: 'accepted' },
      { ...facts, outcome: 'started' },
    ])
  })

  test('is read from an ARN in capitals as well', async () => {
    const roleArn = `ACS:RAM::${harbour}:ROLE/muster-operator`
    const input = SignIn.parse({ ...intlAdmin, roleArn })
    const { session } = await muster.actorOf(await tokenOf(signIn.perform(muster.visitor(), input)))
    expect(session).toMatchObject({ method: 'assumed_role', roleArn: roleArn.replace(/[A-Z]+/g, lower) })
  })
})

const lower = (text: string) => text.toLowerCase()

/** A visitor to a cloud where an assumed role belongs to `accounts.role`, whatever its ARN says. */
async function visitorOf(accounts: { key: string; role: string }) {
  const received: string[] = []
  const server = createServer((request, response) => {
    const action = String(request.headers['x-acs-action'])
    received.push(action)
    const asRole = request.headers['x-acs-security-token'] !== undefined
    const accountId = asRole ? accounts.role : accounts.key
    const body =
      action === 'AssumeRole'
        ? {
            Credentials: {
              AccessKeyId: 'STS.assumed',
              AccessKeySecret: 'secret',
              SecurityToken: 'token',
              Expiration: '2099-01-01T00:00:00Z',
            },
            AssumedRoleUser: { Arn: `acs:ram::${accountId}:role/r/s`, AssumedRoleId: '3:s' },
          }
        : {
            IdentityType: asRole ? 'AssumedRoleUser' : 'RAMUser',
            AccountId: accountId,
            PrincipalId: '2',
            UserId: '2',
            Arn: `acs:ram::${accountId}:${asRole ? 'assumed-role/r/s' : 'user/wei.tan'}`,
          }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ RequestId: 'R-1', ...body }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const cloudFor = createCloud({
    endpoints: { kind: 'sandbox', host: `127.0.0.1:${port}` },
    deadlineMs: 3000,
    pacer: createPacer(muster.services.db),
  })
  return { visit: muster.visitor({ services: { ...muster.services, cloudFor } }), received }
}

describe('with MUSTER_ACCOUNTS', () => {
  const only = (...accounts: string[]) => {
    const { services } = muster
    return { services: { ...services, config: { ...services.config, accounts } } }
  }

  test('an operator of another account is refused before any further call, and is shown no account', async () => {
    const before = (await muster.sandbox.calls({ caller: 'li.na' })).length
    const visit = muster.visitor(only(harbour, ventures))
    const refused = await failureOf(signInAsPersona, visit, { persona: 'china-admin' })
    expect(refused).toMatchObject({ code: 'signin.account_not_allowed', params: undefined })
    const calls = await muster.sandbox.calls({ caller: 'li.na' })
    expect(calls.slice(0, calls.length - before).map(({ operation }) => operation)).toEqual([
      'GetCallerIdentity',
    ])
  })

  test('its root user gets the same error, and users of a listed account may sign in', async () => {
    const root = await failureOf(signInAsPersona, muster.visitor(only(haigang)), { persona: 'root' })
    expect(root.code).toBe('signin.account_not_allowed')
    const visit = muster.visitor(only(haigang, harbour))
    expect(await tokenOf(signInAsPersona.perform(visit, { persona: 'intl-admin' }))).not.toBe('')
  })
})

describe('in the audit', () => {
  const rowsOf = (accountId: string | null) =>
    listAudit(muster.services.db, { accountId, actions: ['session.sign_in'] }, { limit: 500 })
  const hourOver = () => muster.services.db.update(signinTally).set({ hour: sql`hour - interval '1 hour'` })
  const guess = (address: string, secret = 'a-wrong-secret') =>
    failureOf(signIn, muster.visitor({ address }), { ...intlAdmin, accessKeySecret: secret })

  /** Failures are counted per hour: runs again if the hour ended meanwhile. */
  async function withinAnHour(run: () => Promise<void>): Promise<void> {
    const hour = new Date().getUTCHours()
    const failure = await run().then(
      () => null,
      (error: unknown) => ({ error }),
    )
    if (failure && new Date().getUTCHours() === hour) throw failure.error
    if (failure) await run()
  }

  test('a sign-in is started, then accepted, both for its account', async () => {
    const actor = await muster.signedInAs('intl-admin')
    const own = (await rowsOf(harbour)).filter(({ correlationId }) => correlationId === actor.requestId)
    const who = { operatorName: 'wei.tan', operatorId: actor.operatorId, method: 'assumed_role' }
    expect(own.map(({ outcome }) => outcome)).toEqual(['accepted', 'started'])
    for (const row of own) expect(row).toMatchObject({ ...who, detail: { site: 'international' } })
  })

  test('a sign-in whose session cannot be stored has neither row, and is counted as failed', async () => {
    const { db } = muster.services
    await db.execute(sql`create function no_session() returns trigger language plpgsql as
      $$ begin raise exception 'not now'; end $$`)
    await db.execute(sql`create trigger no_session before insert on session for each row
      execute function no_session()`)
    onTestFinished(async () => {
      await db.execute(sql`drop function no_session() cascade`)
      await db.delete(signinTally)
    })
    await db.delete(signinTally)
    const visit = muster.visitor()
    await expect(signInAsPersona.run(visit, { persona: 'intl-admin' })).rejects.toThrow()
    const own = (await rowsOf(harbour)).filter(({ correlationId }) => correlationId === visit.requestId)
    expect(own).toEqual([])
    expect(await db.select().from(signinTally)).toMatchObject([
      { outcome: 'failed', code: 'internal', count: 1 },
    ])
  })

  test('refused sign-ins add one row per hour, account and code', () =>
    withinAnHour(async () => {
      const { db } = muster.services
      await db.delete(signinTally)
      const before = [(await rowsOf(null)).length, (await rowsOf(harbour)).length] as const
      for (let network = 1; network <= 12; network++) await guess(`203.0.113.${network}`)
      await guess('203.0.113.1')
      await failureOf(signInAsPersona, muster.visitor(), { persona: 'nobody' })
      await failureOf(signInAsPersona, muster.visitor(), { persona: 'root' })
      await failureOf(signInAsPersona, muster.visitor(), { persona: 'root' })
      const services = { ...muster.services, config: { ...muster.services.config, accounts: [harbour] } }
      await failureOf(signInAsPersona, muster.visitor({ services }), { persona: 'china-admin' })
      // Nothing is written before the end of the hour.
      await auditTalliedSignIns(db)
      expect([(await rowsOf(null)).length, (await rowsOf(harbour)).length]).toEqual(before)

      await hourOver()
      // Two replicas may do it at the same time.
      await Promise.all([auditTalliedSignIns(db), auditTalliedSignIns(db)])
      const none = (await rowsOf(null)).slice(0, before[0] === 0 ? undefined : -before[0])
      expect(none.map(({ code, outcome, detail }) => [code, outcome, detail.count]).sort()).toEqual([
        ['page.not_found', 'refused', 1],
        ['signin.account_not_allowed', 'refused', 1],
        ['signin.secret_wrong', 'refused', 13],
      ])
      const wrong = none.find(({ code }) => code === 'signin.secret_wrong')
      const { networks, moreNetworks, firstAt, lastAt } = wrong?.detail ?? {}
      expect(networks).toEqual(Array.from({ length: 10 }, (_, index) => `203.0.113.${index + 1}`))
      expect(moreNetworks).toBe(true)
      expect(Date.parse(String(firstAt))).toBeLessThan(Date.parse(String(lastAt)))
      // A known account gets its own row.
      const [ofHarbour] = await rowsOf(harbour)
      expect(ofHarbour).toMatchObject({ code: 'signin.root_refused', operatorName: null, address: null })
      expect(ofHarbour?.detail).toMatchObject({ count: 2, networks: ['192.0.2.1'], moreNetworks: false })
      expect((await rowsOf(harbour)).length).toBe(before[1] + 1)
      expect(await rowsOf(haigang)).toEqual([])
      expect(JSON.stringify([...none, ofHarbour])).not.toMatch(/SANDBOX-|secret-intl|a-wrong/)
      expect(await db.select().from(signinTally)).toEqual([])
    }))

  test('a hundred refused sign-ins write no rows of their own', () =>
    withinAnHour(async () => {
      const address = `203.0.113.${randomInt(100, 250)}`
      await muster.services.db.delete(signinTally)
      const before = (await rowsOf(null)).length
      await Promise.all(Array.from({ length: 100 }, () => guess(address)))
      expect((await rowsOf(null)).length).toBe(before)
      const tallies = await muster.services.db.select().from(signinTally)
      expect(tallies.map(({ code, count }) => [code, count]).sort()).toEqual([
        ['signin.secret_wrong', 10],
        ['signin.too_many_failures', 90],
      ])
    }))
})
