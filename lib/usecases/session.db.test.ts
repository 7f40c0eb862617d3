import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { listAudit } from '@/lib/audit'
import { session } from '@/lib/db'
import { listMembers } from './members'
import { getMe, listSessions, signIn, signInAsPersona, signOut, signOutEverywhere } from './session'
import { failureOf, startTestConsole, type TestConsole } from './testing'

let muster: TestConsole

beforeAll(async () => {
  muster = await startTestConsole()
})
afterAll(() => muster.close())
afterEach(() => muster.sandbox.disarmAll())

const intlAdmin = {
  site: 'international',
  accessKeyId: 'SANDBOX-INTL-ADMIN',
  accessKeySecret: 'sandbox-secret-intl-admin',
} as const

describe('who is let in', () => {
  test('an administrator through a role: the key is forgotten, the role’s session is kept sealed', async () => {
    const ctx = await muster.signedInAs('intl-admin')
    expect(ctx.session).toMatchObject({
      operatorName: 'wei.tan',
      method: 'assumed_role',
      site: 'international',
    })
    expect(ctx.session.credentials.accessKeyId).toMatch(/^STS\./)
    expect(ctx.session.arn).toMatch(
      /role\/muster-operator\/wei\.tan$|assumed-role\/muster-operator\/wei\.tan$/,
    )
    const { rows } = await muster.services.db.execute<{ all: string }>(
      sql`select string_agg(session::text, '') as all from session`,
    )
    expect(rows[0]?.all).toContain('wei.tan')
    expect(rows[0]?.all).not.toContain(ctx.session.credentials.accessKeyId)
    expect(rows[0]?.all).not.toContain('sandbox-secret')
    expect(await getMe.run(ctx, {})).toMatchObject({
      operatorName: 'wei.tan',
      cloud: 'sandbox',
      directory: { name: null },
    })
  })

  test('a key without a role stays, sealed, for the session', async () => {
    const visit = muster.visitor()
    expect(await signIn.run(visit, intlAdmin)).toEqual({ operatorName: 'wei.tan', hasDirectory: true })
    const ctx = await muster.contextOf(visit.token ?? '')
    expect(ctx.session).toMatchObject({
      method: 'access_key',
      credentials: { accessKeyId: 'SANDBOX-INTL-ADMIN' },
    })
  })

  test('a caller without a directory is let in, and told what is missing', async () => {
    const ctx = await muster.signedInAs('no-directory')
    expect(ctx.session.directoryId).toBeNull()
    expect(await failureOf(listMembers, ctx, { page: 1 })).toMatchObject({ code: 'directory.none' })
  })

  test.each([
    ['root', 'signin.root_refused'],
    ['member', 'signin.not_management_account'],
    ['nobody', 'page.not_found'],
  ])('%s is refused', async (persona, code) => {
    const visit = muster.visitor()
    expect(await failureOf(signInAsPersona, visit, { persona })).toMatchObject({ code })
    expect(visit.token).toBeNull()
  })

  test('a wrong secret, an unknown key and a role that is not there are told apart', async () => {
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

  test('a silent check lets nobody in and is no failed guess', async () => {
    await muster.sandbox.arm({ operation: 'GetResourceDirectory', fault: 'silent', times: 2 })
    const visit = muster.visitor()
    expect(await failureOf(signIn, visit, intlAdmin)).toMatchObject({ code: 'cloud.silent' })
    expect(visit.token).toBeNull()
  })
})

describe('failed sign-ins', () => {
  const guess = (address: string, accessKeyId = 'SANDBOX-INTL-ADMIN') =>
    failureOf(signIn, muster.visitor({ address }), { ...intlAdmin, accessKeyId, accessKeySecret: 'guess' })

  test('ten with one key from one address stop that address, and nobody else', async () => {
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
    await signIn.run(elsewhere, intlAdmin)
    expect(elsewhere.token).not.toBeNull()
  })

  test('thirty from one address stop it for every key', async () => {
    for (let count = 0; count < 30; count++) await guess('198.51.100.3', `SANDBOX-GUESS-${count}`)
    expect((await guess('198.51.100.3', 'SANDBOX-ANOTHER')).code).toBe('signin.too_many_failures')
  })

  test('forty at once are counted before they are made: no more than ten are tried', async () => {
    // A caller whose signature is wrong stays unknown: calls are told apart by nothing but their time.
    const tried = async () => (await muster.sandbox.calls()).length
    const before = await tried()
    const codes = await Promise.all(
      Array.from({ length: 40 }, async () => (await guess('198.51.100.4')).code),
    )
    expect(codes.filter((code) => code === 'signin.secret_wrong')).toHaveLength(10)
    expect(codes.filter((code) => code === 'signin.too_many_failures')).toHaveLength(30)
    expect((await tried()) - before).toBe(10)
  })

  test('a sign-in that succeeds, or finds nobody answering, is not counted', async () => {
    const address = '198.51.100.5'
    await muster.sandbox.arm({ operation: 'GetCallerIdentity', fault: 'empty', times: 2 })
    await failureOf(signIn, muster.visitor({ address }), intlAdmin)
    await muster.sandbox.disarmAll()
    for (let count = 0; count < 12; count++) await signIn.run(muster.visitor({ address }), intlAdmin)
    expect((await guess(address)).code).toBe('signin.secret_wrong')
  })

  test('what is refused before anything is tried adds nothing to the audit', async () => {
    const rows = async () => {
      const { rows } = await muster.services.db.execute<{ n: number }>(
        sql`select count(*)::int as n from audit`,
      )
      return rows[0]?.n
    }
    const before = await rows()
    expect((await guess('198.51.100.4')).code).toBe('signin.too_many_failures')
    expect((await guess('198.51.100.6', 'LTAI5tRealLookingKey')).code).toBe('signin.sandbox_keys_only')
    expect(await failureOf(signInAsPersona, muster.visitor(), { persona: 'nobody' })).toMatchObject({
      code: 'page.not_found',
    })
    expect(await rows()).toBe(before)
  })

  test('they leave audit rows without the key', async () => {
    const rows = await listAudit(
      muster.services.db,
      { accountId: null, actions: ['session.sign_in'] },
      { limit: 500 },
    )
    expect(rows.filter(({ outcome, code }) => outcome === 'refused' && code !== null).length).toBeGreaterThan(
      40,
    )
    expect(JSON.stringify(rows)).not.toMatch(/SANDBOX-|guess/)
  })
})

describe('sessions', () => {
  test('signing out ends this one only; everywhere ends them all', async () => {
    const [one, two, three] = [
      await muster.signedInAs('china-admin'),
      await muster.signedInAs('china-admin'),
      await muster.signedInAs('china-admin'),
    ]
    expect((await listSessions.run(one, {})).sessions).toHaveLength(3)
    await signOut.run(one, {})
    const { sessions } = await listSessions.run(two, {})
    expect(sessions.filter(({ current }) => current)).toHaveLength(1)
    expect(sessions).toHaveLength(2)
    await signOutEverywhere.run(two, {})
    expect((await listSessions.run(three, {})).sessions).toEqual([])
  })

  test('an idle session ends, an absolute end ends, and a made-up token is nobody', async () => {
    const visit = muster.visitor()
    await signIn.run(visit, intlAdmin)
    const token = visit.token ?? ''
    const { db } = muster.services
    const { session: mine } = await muster.contextOf(token)
    const age = (column: 'last_seen_at' | 'ends_at', interval: string) =>
      db.execute(
        sql`update session set ${sql.identifier(column)} = now() - ${interval}::interval where id = ${mine.id}`,
      )

    await age('last_seen_at', '29 minutes')
    await expect(muster.contextOf(token)).resolves.toBeDefined()
    await age('last_seen_at', '31 minutes')
    await expect(muster.contextOf(token)).rejects.toMatchObject({ code: 'signin.ended' })
    await age('last_seen_at', '0 minutes')
    await age('ends_at', '1 second')
    await expect(muster.contextOf(token)).rejects.toMatchObject({ code: 'signin.ended' })
    await expect(muster.contextOf('A'.repeat(43))).rejects.toMatchObject({ code: 'signin.ended' })
  })

  test('a sign-in ends the session that the browser held, a refused one does not', async () => {
    const first = muster.visitor()
    await signIn.run(first, intlAdmin)
    const held = first.token ?? ''
    const next = () => {
      const visit = muster.visitor()
      visit.cookie = { ...visit.cookie, held }
      return visit
    }
    await failureOf(signIn, next(), { ...intlAdmin, accessKeySecret: 'wrong' })
    await expect(muster.contextOf(held)).resolves.toBeDefined()
    const second = next()
    await signIn.run(second, intlAdmin)
    await expect(muster.contextOf(held)).rejects.toMatchObject({ code: 'signin.ended' })
    await expect(muster.contextOf(second.token ?? '')).resolves.toBeDefined()
  })

  test('only the hash of the token is stored', async () => {
    const visit = muster.visitor()
    await signIn.run(visit, intlAdmin)
    const rows = await muster.services.db.select().from(session)
    expect(JSON.stringify(rows)).not.toContain(visit.token)
    expect(visit.token).toMatch(/^[\w-]{43}$/)
  })
})

describe('who may see', () => {
  test('the directory is shown only while this operator’s own credentials pass ListAccounts', async () => {
    const ctx = await muster.signedInAs('intl-admin')
    await muster.sandbox.arm({ operation: 'ListAccounts', fault: 'code:NoPermission', times: 3 })
    const refused = await failureOf(listMembers, ctx, { page: 1 })
    expect(refused).toMatchObject({ code: 'cloud.permission', upstream: { operation: 'ListAccounts' } })
    await muster.sandbox.disarmAll()
    const page = await listMembers.run(ctx, { page: 1 })
    expect(page.total).toBeGreaterThan(30)
  })

  test('credentials that ended upstream end the session, and leave the cookie to the route', async () => {
    const visit = muster.visitor()
    await signIn.run(visit, intlAdmin)
    const token = visit.token ?? ''
    const ctx = await muster.contextOf(token)
    // As Next does while a page renders.
    ctx.cookie.clear = () => {
      throw new Error('cookies can only be modified in a route')
    }
    await muster.sandbox.arm({
      operation: 'ListAccounts',
      fault: 'code:InvalidSecurityToken.Expired',
      times: 3,
    })
    expect(await failureOf(listMembers, ctx, { page: 1 })).toMatchObject({ code: 'signin.ended' })
    await expect(muster.contextOf(token)).rejects.toMatchObject({ code: 'signin.ended' })
  })

  test('for five minutes the answer is remembered, then asked for again', async () => {
    const visit = muster.visitor()
    await signIn.run(visit, intlAdmin)
    const token = visit.token ?? ''
    await listMembers.run(await muster.contextOf(token), { page: 1 })
    const remembered = await muster.contextOf(token)
    expect(remembered.session.mayList).toBe(true)
    await muster.services.db.execute(
      sql`update session set may_list_until = now() - interval '1 second' where id = ${remembered.session.id}`,
    )
    expect((await muster.contextOf(token)).session.mayList).toBe(false)
  })
})
