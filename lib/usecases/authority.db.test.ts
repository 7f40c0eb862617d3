import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listAudit } from '@/lib/audit'
import { seenAccepted, sweepAcceptedCalls } from '@/lib/auth'
import { acceptedCall } from '@/lib/db'
import type { Operator } from './actor'
import { discardEnableCode, enableDirectory, getEnableFlow, sendEnableCode, tryEnable } from './enable'
import {
  attachNetwork,
  checkCen,
  detachNetwork,
  discardCenRequest,
  getAttachFlow,
  sendCenCode,
} from './networks'
import { bindPhone, discardCode, getBindFlow, sendCode } from './phone'
import { getSettings } from './settings'
import { signIn } from './sign-in/sign-in'
import { failureOf, startTestConsole, type TestConsole, tokenOf } from './testing'

const harbour = '5182640937715520'
const phone = '65-91234567'
const region = 'ap-southeast-1'
const owner = { cenId: 'cen-7ku2w9xq4mz81hvt3e', ownerId: '9134520068812347' }
const ownCen = 'cen-5d0k7r2vq9xw3mzt81'

/**
 * Another operator with all permissions at Alibaba Cloud: a session of the operators' role from elsewhere, with a name of
 * their choice.
 */
async function outsider(muster: TestConsole, sessionName: string): Promise<Operator> {
  const {
    site,
    keyId,
    secret,
    roleArn = '',
  } = (await muster.sandbox.personas()).find(({ id }) => id === 'intl-admin') ?? {
    site: 'international',
    keyId: '',
    secret: '',
  }
  const key = { accessKeyId: keyId, accessKeySecret: secret }
  const { credentials } = await muster.services
    .cloudFor({ credentials: key, site, accountId: null })
    .assumeRole({
      roleArn,
      sessionName,
      durationSeconds: 3600,
      policy: JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }),
    })
  return signedIn(muster, { site, ...credentials })
}

async function signedIn(muster: TestConsole, input: Parameters<typeof signIn.run>[1]): Promise<Operator> {
  return muster.actorOf(await tokenOf(signIn.perform(muster.visitor(), input)))
}

async function newNetwork(muster: TestConsole, order: { cenId?: string } = {}) {
  const [networkId = ''] = await muster.sandbox.addNetworks('international', [order], region)
  return { region, networkId }
}

/** Waits out the cool-down, since the owner of a CEN is shared by several codes. */
const paused = (muster: TestConsole) => muster.sandbox.advance(61)

/** An open bind code and an open CEN code, sent by one operator. */
async function openCodes(muster: TestConsole, actor: Operator) {
  const memberId = await muster.newMember()
  const bind = await sendCode.run(actor, { memberId, phone })
  await paused(muster)
  const at = await newNetwork(muster)
  const join = await sendCenCode.run(actor, { ...at, ...owner })
  return [
    {
      view: () => getBindFlow.run(actor, { memberId }),
      seen: (by: Operator) => getBindFlow.run(by, { memberId }),
      refused: (by: Operator) => failureOf(discardCode, by, { memberId, requestId: bind.request?.id ?? '' }),
      done: (by: Operator) => discardCode.run(by, { memberId, requestId: bind.request?.id ?? '' }),
      target: memberId,
      action: 'phone.discard_code',
    },
    {
      view: () => getAttachFlow.run(actor, at),
      seen: (by: Operator) => getAttachFlow.run(by, at),
      refused: (by: Operator) =>
        failureOf(discardCenRequest, by, { ...at, requestId: join.request?.id ?? '' }),
      done: (by: Operator) => discardCenRequest.run(by, { ...at, requestId: join.request?.id ?? '' }),
      target: at.networkId,
      action: 'network.discard_code',
    },
  ]
}

describe('who may discard another operator’s code', () => {
  let muster: TestConsole
  let wei: Operator
  let amira: Operator
  beforeAll(async () => {
    // No operator here is an administrator of the console.
    muster = await startTestConsole({ MUSTER_ADMINS: 'acs:ram::1111111111111111:user/nobody' })
    ;[wei, amira] = [await muster.signedInAs('intl-admin'), await muster.signedInAs('read-only')]
  })
  afterAll(() => muster.close())

  test('a read-only operator may not and is shown who may, and the code stays valid', async () => {
    for (const { view, seen, refused, target, action } of await openCodes(muster, wei)) {
      const before = await view()
      expect(before.discardRefusal).toBeNull()
      const failure = await refused(amira)
      expect(failure).toMatchObject({
        code: 'authority.missing',
        params: { name: 'wei.tan', what: 'code', admins: 'none' },
      })
      expect(await seen(amira)).toMatchObject({
        step: 'code',
        discardRefusal: { code: 'authority.missing', params: failure.params },
      })
      const after = (await view()).request
      expect(after).toEqual({ ...before.request, secondsLeft: after?.secondsLeft })
      const rows = await listAudit(muster.services.db, { accountId: harbour, target }, { limit: 50 })
      const tried = rows.filter((row) => row.action === action)
      expect(tried.map(({ outcome, code, operatorName }) => [operatorName, outcome, code])).toEqual([
        ['amira.said', 'refused', 'authority.missing'],
        ['amira.said', 'started', null],
      ])
    }
  })

  test('the operator who started it may, also from another session', async () => {
    for (const { done } of await openCodes(muster, wei)) {
      expect(await done(await muster.signedInAs('intl-admin'))).toMatchObject({ request: null })
    }
  })

  test('an operator who may not enable a directory cannot change the name that another one requested', async () => {
    const { account, persona } = await muster.sandbox.addAccount('international')
    const operator = await muster.signedInAs(persona.id)
    const { request } = await sendEnableCode.run(operator, { namePrefix: 'as-it-was' })
    // Stands for a colleague whom RAM refuses. The account has only one operator, so RAM refuses everyone.
    const refusing = { operation: 'EnableResourceDirectory', fault: 'code:NoPermission', times: 2 }
    await muster.sandbox.arm(refusing)
    const changed = { requestId: request?.id ?? '', code: '123456', namePrefix: 'as-somebody-wants' }
    expect((await failureOf(tryEnable, operator, changed)).code).toBe('cloud.permission')
    const confirmed = { ...changed, confirmation: account.id }
    expect((await failureOf(enableDirectory, operator, confirmed)).code).toBe('cloud.permission')
    expect((await getEnableFlow.run(operator, {})).intent).toEqual({ mode: 'new', namePrefix: 'as-it-was' })
  })

  test('a refused call does not count as accepted', async () => {
    const [bind, join] = await openCodes(muster, wei)
    await failureOf(sendCode, amira, { memberId: await muster.newMember(), phone })
    await failureOf(sendCenCode, amira, { ...(await newNetwork(muster)), ...owner })
    expect((await bind?.refused(amira))?.code).toBe('authority.missing')
    expect((await join?.refused(amira))?.code).toBe('authority.missing')
  })

  test('a colleague may for 24 hours after an accepted call of theirs, in that flow only', async () => {
    const [bind, join] = await openCodes(muster, wei)
    const colleague = await outsider(muster, 'colleague')
    expect((await bind?.refused(colleague))?.code).toBe('authority.missing')
    await sendCode.run(colleague, { memberId: await muster.newMember(), phone })
    expect((await join?.refused(colleague))?.code).toBe('authority.missing')
    const { db } = muster.services
    const mine = eq(acceptedCall.operatorId, colleague.operatorId)
    const aged = (age: string) =>
      db
        .update(acceptedCall)
        .set({ at: sql`now() - ${age}::interval` })
        .where(mine)
    await aged('24 hours 1 minute')
    expect((await bind?.refused(colleague))?.code).toBe('authority.missing')
    expect((await bind?.seen(colleague))?.discardRefusal?.code).toBe('authority.missing')
    await aged('23 hours 59 minutes')
    expect((await bind?.seen(colleague))?.discardRefusal).toBeNull()
    expect(await bind?.done(colleague)).toMatchObject({
      request: null,
      refused: { what: 'given_up', operatorName: 'wei.tan', discarded: { operatorName: expect.any(String) } },
    })
    // The sender sees who discarded it.
    expect((await bind?.view())?.refused?.discarded).toMatchObject({
      operatorName: colleague.operatorName,
      byYou: false,
    })
  })

  test('a bind of unknown outcome may be concluded by the sender of the code or the one who entered it, but by no namesake', async () => {
    const memberId = await muster.newMember()
    const { request } = await sendCode.run(wei, { memberId, phone })
    const [message] = await muster.sandbox.messages({ accountId: memberId })
    const input = { memberId, requestId: request?.id ?? '' }
    const binder = await outsider(muster, 'binder')
    expect((await getBindFlow.run(binder, { memberId })).discardRefusal).toMatchObject({
      params: { what: 'code', name: 'wei.tan' },
    })
    await muster.sandbox.arm({
      ...{ operation: 'BindSecureMobilePhone', fault: 'reset', effect: false },
      match: { accountId: memberId },
    })
    await bindPhone.run(binder, { ...input, code: message?.code ?? '' })
    await muster.sandbox.changeMember(memberId, { phoneReported: false })
    await muster.sandbox.advance(6)

    const namesake = { ...binder, operatorId: `${binder.operatorId}-elsewhere` }
    for (const stranger of [amira, namesake]) {
      const { step, discardRefusal } = await getBindFlow.run(stranger, { memberId })
      expect({ step, discardRefusal }).toMatchObject({
        step: 'checking',
        discardRefusal: { params: { what: 'bind', name: binder.operatorName, operation: 'bind_phone' } },
      })
      const failure = await failureOf(discardCode, stranger, { ...input, unresolved: true })
      expect(failure).toMatchObject({ code: 'authority.missing', params: { what: 'bind' } })
    }
    for (const one of [wei, binder])
      expect((await getBindFlow.run(one, { memberId })).discardRefusal).toBeNull()
    expect(await discardCode.run(binder, { ...input, unresolved: true })).toMatchObject({
      step: 'number',
      refused: { what: 'unresolved' },
    })
  })

  test('a read-only operator may not discard an accepted attach that never completed', async () => {
    const at = await newNetwork(muster)
    const { request } = await attachNetwork.run(wei, { ...at, cenId: ownCen })
    await muster.sandbox.changeNetwork(at.networkId, { cenId: null, attachStatus: null })
    await muster.sandbox.advance(601)
    expect(await getAttachFlow.run(amira, at)).toMatchObject({
      step: 'overdue',
      discardRefusal: { code: 'authority.missing', params: { what: 'attach', name: 'wei.tan' } },
    })
    const input = { ...at, requestId: request?.id ?? '' }
    expect((await failureOf(discardCenRequest, amira, input)).code).toBe('authority.missing')
    // An accepted code is not an accepted attach.
    const colleague = await outsider(muster, 'sender')
    await paused(muster)
    await sendCenCode.run(colleague, { ...(await newNetwork(muster)), ...owner })
    expect((await failureOf(discardCenRequest, colleague, input)).code).toBe('authority.missing')
    await attachNetwork.run(colleague, { ...(await newNetwork(muster)), cenId: ownCen })
    expect(await discardCenRequest.run(colleague, input)).toMatchObject({
      step: 'choose',
      refused: { what: 'act_given_up', discarded: { byYou: true } },
    })
  })
})

describe('accepted calls', () => {
  let muster: TestConsole
  let wei: Operator
  beforeAll(async () => {
    muster = await startTestConsole()
    wei = await muster.signedInAs('intl-admin')
  })
  afterAll(() => muster.close())

  async function seen(actor: Operator): Promise<string[]> {
    const rows = await muster.services.db
      .select()
      .from(acceptedCall)
      .where(eq(acceptedCall.operatorId, actor.operatorId))
    expect(rows.every(({ accountId }) => accountId === actor.accountId)).toBe(true)
    return rows.map(({ operation }) => operation).sort()
  }

  test('of changes and checks are recorded, those of reads never', async () => {
    const memberId = await muster.newMember()
    const { request } = await sendCode.run(wei, { memberId, phone })
    const requestId = request?.id ?? ''
    const wrong = { memberId, requestId, code: '000000' }
    expect((await failureOf(bindPhone, wei, wrong)).code).toBe('code.incorrect')
    expect(await seen(wei)).toEqual(['sendBindCode'])
    const [message] = await muster.sandbox.messages({ accountId: memberId })
    await bindPhone.run(wei, { ...wrong, code: message?.code ?? '' })
    expect(await seen(wei)).toEqual(['bindPhone', 'sendBindCode'])

    const at = await newNetwork(muster, { cenId: ownCen })
    await detachNetwork.run(wei, { ...at, cenId: ownCen })
    await checkCen.run(wei, { ...(await newNetwork(muster)), cenId: ownCen })
    expect(await seen(wei)).toEqual(['bindPhone', 'detachCen', 'sendBindCode', 'verifyCen'])
  })

  test('of enabling a directory: send, dry run and enabling are recorded separately', async () => {
    const { account, persona } = await muster.sandbox.addAccount('international')
    const operator = await muster.signedInAs(persona.id)
    await tryEnable.run(operator, {})
    expect(await seen(operator)).toEqual(['tryEnableDirectory'])
    const { request } = await sendEnableCode.run(operator, { namePrefix: 'accepted-one' })
    expect((await getEnableFlow.run(operator, {})).discardRefusal).toBeNull()
    await discardEnableCode.run(operator, { requestId: request?.id ?? '' })
    await enableDirectory.run(operator, { confirmation: account.id })
    expect(await seen(operator)).toEqual(['enableDirectory', 'sendEnableCode', 'tryEnableDirectory'])
  })

  test('are swept once they no longer prove anything', async () => {
    const { db } = muster.services
    const who = { accountId: harbour, operatorId: 'somebody' }
    await db.insert(acceptedCall).values([
      { ...who, operation: 'bindPhone', at: sql`now() - interval '24 hours 1 second'` },
      { ...who, operation: 'sendBindCode', at: sql`now() - interval '23 hours'` },
      // From before the clock was set back.
      { ...who, operation: 'attachCen', at: sql`now() + interval '1 hour'` },
    ])
    expect(await seenAccepted(db, who, ['bindPhone', 'attachCen'])).toBe(false)
    await sweepAcceptedCalls(db)
    const left = await db.select().from(acceptedCall).where(eq(acceptedCall.operatorId, who.operatorId))
    expect(left.map(({ operation }) => operation)).toEqual(['sendBindCode'])
  })

  test('stay accepted if they cannot be recorded', async () => {
    const reports: unknown[] = []
    const actor = {
      ...(await muster.signedInAs('intl-admin')),
      report: (error: unknown) => reports.push(error),
    }
    await muster.services.db.execute(sql`alter table accepted_call rename to accepted_call_away`)
    try {
      const memberId = await muster.newMember()
      expect(await sendCode.run(actor, { memberId, phone })).toMatchObject({
        request: { sendOutcome: 'accepted' },
      })
      const rows = await listAudit(muster.services.db, { accountId: harbour, target: memberId }, { limit: 5 })
      expect(rows.map(({ outcome }) => outcome)).toEqual(['accepted', 'started'])
      expect(reports).toHaveLength(1)
    } finally {
      await muster.services.db.execute(sql`alter table accepted_call_away rename to accepted_call`)
    }
  })
})

describe('administrators of the console', () => {
  const named = `acs:ram::${harbour}:user/amira.said`
  let muster: TestConsole
  let colleague: Operator
  beforeAll(async () => {
    muster = await startTestConsole({ MUSTER_ADMINS: `${named}, acs:ram::${harbour}:user/wei.tan` })
    colleague = await outsider(muster, 'colleague')
  })
  afterAll(() => muster.close())

  test('may discard any code, whatever Alibaba Cloud permits them', async () => {
    const amira = await muster.signedInAs('read-only')
    for (const { seen, done } of await openCodes(muster, colleague)) {
      expect((await seen(amira)).discardRefusal).toBeNull()
      expect(await done(amira)).toMatchObject({ request: null })
    }
    expect((await getSettings.run(amira, {})).admins).toEqual({
      arns: [named, `acs:ram::${harbour}:user/wei.tan`],
      you: true,
      proved: true,
    })
  })

  test('are identified by the key they signed in with, also through a role that this console assumed', async () => {
    const byRole = await muster.signedInAs('intl-admin')
    expect(byRole.session).toMatchObject({
      method: 'assumed_role',
      userArn: `acs:ram::${harbour}:user/wei.tan`,
    })
    expect((await getSettings.run(byRole, {})).admins.you).toBe(true)
  })

  test('are not identified by the name of a role session from elsewhere', async () => {
    const disguised = await outsider(muster, 'wei.tan')
    expect(disguised.session.userArn).toBeNull()
    expect((await getSettings.run(disguised, {})).admins).toMatchObject({ you: false, proved: false })
    for (const { refused } of await openCodes(muster, colleague)) {
      expect(await refused(disguised)).toMatchObject({
        code: 'authority.missing',
        params: { admins: 'named', name: colleague.operatorName },
      })
    }
  })

  test('of other accounts are not shown', async () => {
    const china = await muster.signedInAs('china-admin')
    expect((await getSettings.run(china, {})).admins).toEqual({ arns: [], you: false, proved: true })
  })

  test('of the sandbox are its first two operators', async () => {
    const plain = await startTestConsole()
    try {
      const actor = await plain.signedInAs('china-admin')
      expect((await getSettings.run(actor, {})).admins).toEqual({
        arns: ['acs:ram::1386710452098837:user/li.na'],
        you: true,
        proved: true,
      })
      const wei = await plain.signedInAs('intl-admin')
      expect((await getSettings.run(wei, {})).admins.you).toBe(true)
    } finally {
      await plain.close()
    }
  })
})
