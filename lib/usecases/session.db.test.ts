import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { operatorPolicy } from '@/lib/alicloud'
import { session } from '@/lib/db'
import { listMembers, refreshMembers } from './members'
import { sendCode } from './phone'
import { changeSite, listSessions, signOut, signOutEverywhere } from './session'
import { signIn } from './sign-in/sign-in'
import { failureOf, startTestConsole, type TestConsole, tokenOf } from './testing'

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

/** Signed in with temporary credentials from elsewhere, under a name of their choice. */
async function withRoleSession(sessionName: string) {
  const { site, ...credentials } = intlAdmin
  const role = await muster.services.cloudFor({ credentials, site, accountId: null }).assumeRole({
    roleArn: 'acs:ram::5182640937715520:role/muster-operator',
    sessionName,
    durationSeconds: 900,
    policy: operatorPolicy(),
  })
  return muster.signedInWith({ site, ...role.credentials })
}

test('an incorrect site is corrected for this session only', async () => {
  const wrong = await muster.signedInWith({ ...intlAdmin, site: 'china' })
  const other = await muster.signedInWith({ ...intlAdmin, site: 'china' })
  const memberId = await muster.newMember()
  expect(await failureOf(sendCode, wrong, { memberId, phone: '86-13812345678' })).toMatchObject({
    code: 'phone.country_not_allowed',
    upstream: { code: 'InvalidParameter.MobileCountryCode' },
  })
  expect(await changeSite.run(wrong, { site: 'international' })).toMatchObject({ site: 'international' })
  const right = await muster.actorAgain(wrong)
  const sent = { memberId: await muster.newMember(), phone: '65-91234567' }
  expect(await sendCode.run(right, sent)).toMatchObject({ step: 'code' })
  expect((await muster.actorAgain(other)).session.site).toBe('china')
})

describe('sessions', () => {
  test('signing out ends only this one; signing out everywhere ends them all', async () => {
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

  test('a role session with the same name as a colleague’s neither sees nor ends it', async () => {
    const wei = await muster.signedInAs('intl-admin')
    const [first, second] = [await withRoleSession('wei.tan'), await withRoleSession('wei.tan')]
    expect(first.session).toMatchObject({
      method: 'role_session',
      operatorName: 'muster-operator/wei.tan',
      operatorId: second.operatorId,
    })
    for (const actor of [first, second]) {
      const { sessions } = await listSessions.run(actor, {})
      expect(sessions.map(({ id }) => id)).toEqual([actor.session.id])
    }
    await signOutEverywhere.run(first, {})
    await expect(muster.actorAgain(first)).rejects.toMatchObject({ code: 'signin.ended' })
    await expect(muster.actorAgain(second)).resolves.toBeDefined()
    await expect(muster.actorAgain(wei)).resolves.toBeDefined()
  })

  test('a session ends when idle for too long and at its absolute end, and a fake token has no session', async () => {
    const token = await tokenOf(signIn.perform(muster.visitor(), intlAdmin))
    const { db } = muster.services
    const { session: mine } = await muster.actorOf(token)
    const age = (column: 'last_seen_at' | 'ends_at', interval: string) =>
      db.execute(
        sql`update session set ${sql.identifier(column)} = now() - ${interval}::interval where id = ${mine.id}`,
      )

    await age('last_seen_at', '29 minutes')
    await expect(muster.actorOf(token)).resolves.toBeDefined()
    await age('last_seen_at', '31 minutes')
    await expect(muster.actorOf(token)).rejects.toMatchObject({ code: 'signin.ended' })
    await age('last_seen_at', '0 minutes')
    await age('ends_at', '1 second')
    await expect(muster.actorOf(token)).rejects.toMatchObject({ code: 'signin.ended' })
    await expect(muster.actorOf('A'.repeat(43))).rejects.toMatchObject({ code: 'signin.ended' })
  })

  test('a sign-in ends the previous session of the browser, a refused one does not', async () => {
    const held = await tokenOf(signIn.perform(muster.visitor(), intlAdmin))
    const next = () => muster.visitor({ token: held })
    await failureOf(signIn, next(), { ...intlAdmin, accessKeySecret: 'wrong' })
    await expect(muster.actorOf(held)).resolves.toBeDefined()
    const second = await tokenOf(signIn.perform(next(), intlAdmin))
    await expect(muster.actorOf(held)).rejects.toMatchObject({ code: 'signin.ended' })
    await expect(muster.actorOf(second)).resolves.toBeDefined()
  })

  test('only the hash of the token is stored', async () => {
    const token = await tokenOf(signIn.perform(muster.visitor(), intlAdmin))
    const rows = await muster.services.db.select().from(session)
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(token).toMatch(/^[\w-]{43}$/)
  })
})

describe('access', () => {
  test('the directory is shown only while this operator’s own credentials pass ListAccounts', async () => {
    const actor = await muster.signedInAs('intl-admin')
    await muster.sandbox.arm({ operation: 'ListAccounts', fault: 'code:NoPermission', times: 3 })
    const refused = await failureOf(listMembers, actor, { page: 1 })
    expect(refused).toMatchObject({ code: 'cloud.permission', upstream: { operation: 'ListAccounts' } })
    await muster.sandbox.disarmAll()
    await refreshMembers.run(actor, {})
    const page = await listMembers.run(actor, { page: 1 })
    expect(page.total).toBeGreaterThan(30)
  })

  test('credentials that Alibaba Cloud no longer accepts end the session', async () => {
    const token = await tokenOf(signIn.perform(muster.visitor(), intlAdmin))
    const actor = await muster.actorOf(token)
    await muster.sandbox.arm({
      operation: 'ListAccounts',
      fault: 'code:InvalidSecurityToken.Expired',
      times: 3,
    })
    expect(await failureOf(listMembers, actor, { page: 1 })).toMatchObject({ code: 'signin.ended' })
    await expect(muster.actorOf(token)).rejects.toMatchObject({ code: 'signin.ended' })
  })

  test('the result of the check is valid for five minutes', async () => {
    const token = await tokenOf(signIn.perform(muster.visitor(), intlAdmin))
    await listMembers.run(await muster.actorOf(token), { page: 1 })
    const remembered = await muster.actorOf(token)
    expect(remembered.session.mayList).toBe(true)
    await muster.services.db.execute(
      sql`update session set may_list_until = now() - interval '1 second' where id = ${remembered.session.id}`,
    )
    expect((await muster.actorOf(token)).session.mayList).toBe(false)
    // Otherwise it would be valid for an hour after the clock was set back by one.
    await muster.services.db.update(session).set({ mayListUntil: sql`now() + interval '1 hour'` })
    expect((await muster.actorOf(token)).session.mayList).toBe(false)
  })
})
