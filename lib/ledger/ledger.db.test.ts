import { randomBytes, randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { wrongTriesMax } from '@/lib/contract/code-tries'
import { codeRequest, createVault } from '@/lib/db'
import { openTestDatabase } from '@/lib/db/testing'
import { createLedger, type Subject } from './index'

/** What is left of a pause: a busy machine takes its time. */
const upTo = (most: number): number =>
  expect.toSatisfy((left: number) => left > 0 && left <= most, `1 to ${most}`) as unknown as number

const limits = { cooldownSeconds: 60, cooldownRefusedSeconds: 5, settleSeconds: 60 }
const vault = createVault(randomBytes(32))
const wei = { operatorId: 'wei', operatorName: 'wei.tan' }
const amira = { operatorId: 'amira', operatorName: 'amira.said' }
const phone = { full: '65-91234567', masked: '+65-****4567' }
const error = {
  code: 'cloud.refused',
  upstream: { product: 'ResourceManager', operation: 'Test', code: 'Some.Code' },
} as const

let database: Awaited<ReturnType<typeof openTestDatabase>>
// Ledger time is the database's plus this, as with the sandbox's clock: tests move it instead of waiting.
let offset = 0
let ledger: ReturnType<typeof createLedger>

beforeAll(async () => {
  database = await openTestDatabase()
  ledger = createLedger(database.db, vault, limits, async () => offset)
})
afterAll(() => database.close())

function newSubject(): Subject {
  return { accountId: '1111111111111111', operation: 'bind_phone', target: randomUUID() }
}

function send(subject: Subject, number = phone, operator = wei, knowingly = false) {
  return ledger.beginSend(subject, { sending: { number, intent: {} }, operator, knowingly })
}

async function sent(subject: Subject, expiresInSeconds: number | null = 900) {
  const { id } = await send(subject)
  const expiresAt =
    expiresInSeconds === null ? null : new Date(Date.now() + (offset + expiresInSeconds) * 1000)
  await ledger.settleSend(subject, id, { kind: 'accepted', requestId: 'REQ-SEND', expiresAt })
  return id
}

async function attemptOf(subject: Subject): Promise<number> {
  return (await ledger.view(subject)).current?.attempt ?? 0
}

/** A look-up that begins and ends now. */
async function lookUp(subject: Subject, result: 'done' | 'not_done') {
  const { lookUp } = await ledger.beginLookUp(subject)
  if (!lookUp) throw new Error('nothing to look up')
  await ledger.recordLookup(subject, lookUp, result)
}

async function rowOf(id: string) {
  const [row] = await database.db.select().from(codeRequest).where(eq(codeRequest.id, id))
  if (!row) throw new Error('no such row')
  return row
}

describe('sending', () => {
  test('two sends of one member at the same time make one', async () => {
    const subject = newSubject()
    const results = await Promise.allSettled([send(subject), send(subject, phone, amira), send(subject)])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
    for (const one of results) if (one.status === 'rejected') expect(one.reason.code).toBe('send.in_progress')
  })

  test('the database itself refuses a second send under way', async () => {
    const subject = newSubject()
    const row = { ...subject, ...wei, state: 'sending' as const, numberMasked: 'm', numberFingerprint: 'f' }
    await database.db.insert(codeRequest).values(row)
    await expect(database.db.insert(codeRequest).values(row)).rejects.toThrow()
  })

  test('an accepted send starts the cool-down for every operator; it ends after 60 seconds', async () => {
    const subject = newSubject()
    await sent(subject)
    const refused = await send(subject, phone, amira).catch((one) => one)
    expect(refused.code).toBe('send.cooling_down')
    expect(refused.params.seconds).toBeGreaterThan(55)
    offset += 60
    await expect(send(subject, phone, amira)).resolves.toHaveProperty('id')
  })

  test('a refused send cools down for 5 seconds only, and leaves the code before it in force', async () => {
    const subject = newSubject()
    const first = await sent(subject)
    offset += 60
    const { id } = await ledger.beginSend(subject, { sending: null, operator: wei, knowingly: false })
    await ledger.settleSend(subject, id, { kind: 'refused', error })
    const view = await ledger.view(subject)
    expect(view.current).toMatchObject({ id: first, state: 'sent' })
    expect(view.refused).toMatchObject({ id, sendError: error })
    expect(view.cooldownSeconds).toEqual(upTo(5))
    expect((await rowOf(id)).numberSealed).toBeNull()
    expect(view.sentToday).toBe(1)
  })

  test('an accepted resend takes the place of the older code and keeps its number', async () => {
    const subject = newSubject()
    const first = await sent(subject)
    offset += 60
    const again = await ledger.beginSend(subject, { sending: null, operator: amira, knowingly: false })
    expect(again.number).toBe(phone.full)
    await ledger.settleSend(subject, again.id, { kind: 'accepted', requestId: 'REQ-2', expiresAt: null })
    expect(await rowOf(first)).toMatchObject({ state: 'void', voidReason: 'superseded', numberSealed: null })
    expect(await ledger.view(subject)).toMatchObject({
      current: { id: again.id },
      sendNumber: 2,
      sentToday: 2,
    })
    await expect(ledger.beginApply(subject, first, wei)).rejects.toMatchObject({
      code: 'code.request_closed',
    })
  })

  test('after an unknown outcome another send needs to be meant', async () => {
    const subject = newSubject()
    const { id } = await send(subject)
    await ledger.settleSend(subject, id, { kind: 'unknown', error })
    expect(await ledger.view(subject)).toMatchObject({
      current: { state: 'unknown', sendOutcome: 'unknown' },
      sentToday: 1,
    })
    offset += 60
    await expect(send(subject)).rejects.toMatchObject({ code: 'send.outcome_unknown' })
    await expect(send(subject, phone, wei, true)).resolves.toHaveProperty('id')
  })

  test('a send that never came back reads as unknown after the settle time, and cools down from then on', async () => {
    const subject = newSubject()
    await send(subject)
    offset += 20
    expect((await ledger.view(subject)).current?.state).toBe('sending')
    offset += 41
    const view = await ledger.view(subject)
    expect(view.current?.state).toBe('unknown')
    expect(view.cooldownSeconds).toEqual(upTo(59))
  })

  test('an answer that comes after all corrects an unknown send', async () => {
    const subject = newSubject()
    const { id } = await send(subject)
    offset += 61
    await ledger.view(subject)
    await ledger.settleSend(subject, id, { kind: 'accepted', requestId: 'LATE', expiresAt: null })
    expect((await ledger.view(subject)).current).toMatchObject({
      state: 'sent',
      sendOutcome: 'accepted',
      sendRequestId: 'LATE',
    })
  })

  test('an answer that is written late counts from when it came, never from before its send', async () => {
    const subject = newSubject()
    const { id } = await send(subject)
    offset += 40
    const also = vi.fn(async () => {})
    const accepted = { kind: 'accepted', requestId: 'LATE', expiresAt: null } as const
    await ledger.settleSend(subject, id, accepted, { secondsAgo: 30, also })
    const { cooldownSeconds } = await ledger.view(subject)
    expect(cooldownSeconds).toBeLessThanOrEqual(30)
    expect(cooldownSeconds).toBeGreaterThan(0)
    expect(also).toHaveBeenCalledWith(
      expect.anything(),
      expect.objectContaining({ numberMasked: phone.masked }),
    )
    // Written before: what belongs to it is done all the same, and knows.
    await ledger.settleSend(subject, id, accepted, { secondsAgo: 0, also })
    expect(also).toHaveBeenLastCalledWith(expect.anything(), null)
    const other = newSubject()
    const begun = await send(other)
    await ledger.settleSend(other, begun.id, accepted, { secondsAgo: 3600, also })
    const { current } = await ledger.view(other)
    expect(current?.settledAt).toEqual(current?.startedAt)
  })

  test('an act that a look-up found has its proof once its answer is written', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    const { attempt } = await ledger.beginApply(subject, id, wei)
    offset += 61
    const { lookUp } = await ledger.beginLookUp(subject)
    if (lookUp) await ledger.recordLookup(subject, lookUp, 'done')
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'applied', applyRequestId: null })
    const answer = (requestId: string) =>
      ledger.settleApply(subject, id, attempt, { kind: 'accepted', requestId })
    await answer('PROOF')
    await answer('AGAIN')
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'applied', applyRequestId: 'PROOF' })
  })

  test('the number is kept sealed, erased when the code is discarded, and that is refused then', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    const { numberSealed } = await rowOf(id)
    expect(numberSealed).not.toContain('91234567')
    expect(vault.open(numberSealed ?? '', id)).toBe(phone.full)
    await ledger.discard(subject, id, amira)
    expect(await rowOf(id)).toMatchObject({ state: 'void', voidReason: 'given_up', numberSealed: null })
    expect((await ledger.view(subject)).refused).toMatchObject({
      id,
      operatorName: 'wei.tan',
      discardedBy: 'amira.said',
      discardedAt: expect.any(Date),
    })
    await expect(ledger.beginApply(subject, id, wei)).rejects.toMatchObject({ code: 'code.request_closed' })
    expect((await ledger.view(subject)).cooldownSeconds).toBeGreaterThan(55)
  })

  test('24 hours after the send the number is erased and the request over', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    offset += 24 * 3600 + 1
    await ledger.sweep()
    expect(await rowOf(id)).toMatchObject({ state: 'void', voidReason: 'too_old', numberSealed: null })
    expect(await ledger.view(subject)).toMatchObject({ current: null, sentToday: 0 })
  })

  test('sends are counted for the whole account as well, refused ones not', async () => {
    const account = { accountId: '2222222222222222', operation: 'bind_phone' } as const
    const [one, two, three] = [1, 2, 3].map((n) => ({ ...account, target: `member-${n}` }))
    if (!one || !two || !three) throw new Error('no subjects')
    await sent(one)
    const { id } = await send(two)
    await ledger.settleSend(two, id, { kind: 'unknown', error })
    const refused = await send(three)
    await ledger.settleSend(three, refused.id, { kind: 'refused', error })
    expect(await ledger.sentTodayInAll(account)).toBe(2)
    offset += 24 * 3600 + 1
    expect(await ledger.sentTodayInAll(account)).toBe(0)
  })

  test('the same number of another member is found by its fingerprint', async () => {
    const [one, other] = [newSubject(), newSubject()]
    const number = { full: '65-81110000', masked: '+65-****0000' }
    const { id } = await send(one, number)
    expect(await ledger.otherTargets(other, number.full)).toEqual([{ target: one.target, bound: false }])
    expect(await ledger.otherTargets(one, number.full)).toEqual([])
    await ledger.settleSend(one, id, { kind: 'refused', error })
    expect(await ledger.otherTargets(other, number.full)).toEqual([])
  })
})

describe('using a code', () => {
  test('two uses at the same time make one', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    const results = await Promise.allSettled([1, 2, 3].map(() => ledger.beginApply(subject, id, wei)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of results)
      if (one.status === 'rejected') expect(one.reason.code).toBe('apply.in_progress')
    await expect(send(subject)).rejects.toMatchObject({ code: 'apply.in_progress' })
  })

  test('an accepted use is bound and its number erased; nothing more can be sent', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    expect((await ledger.beginApply(subject, id, amira)).number).toBe(phone.full)
    await ledger.settleApply(subject, id, await attemptOf(subject), {
      kind: 'accepted',
      requestId: 'REQ-BIND',
    })
    expect(await rowOf(id)).toMatchObject({
      state: 'applied',
      applyRequestId: 'REQ-BIND',
      numberSealed: null,
    })
    offset += 60
    await expect(send(subject)).rejects.toMatchObject({ code: 'phone.already_bound' })
  })

  test('ten wrong codes and no more; a new send has its own ten', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    for (let tries = wrongTriesMax - 1; tries >= 0; tries--) {
      await ledger.beginApply(subject, id, wei)
      expect(
        await ledger.settleApply(subject, id, await attemptOf(subject), { kind: 'wrong_code', error }),
      ).toEqual({
        triesLeft: tries,
      })
    }
    await expect(ledger.beginApply(subject, id, wei)).rejects.toMatchObject({ code: 'code.no_tries_left' })
    offset += 60
    const { id: next } = await ledger.beginSend(subject, { sending: null, operator: wei, knowingly: false })
    await ledger.settleSend(subject, next, { kind: 'accepted', requestId: 'R', expiresAt: null })
    await expect(ledger.beginApply(subject, next, wei)).resolves.toHaveProperty('number')
  })

  test('only a wrong code costs a try; it does not touch the cool-down', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    await ledger.beginApply(subject, id, wei)
    expect((await ledger.view(subject)).current?.wrongTries).toBe(1)
    await ledger.settleApply(subject, id, await attemptOf(subject), { kind: 'refused', error, closes: false })
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'sent', wrongTries: 0 })
    const before = (await ledger.view(subject)).cooldownSeconds
    await ledger.beginApply(subject, id, wei)
    await ledger.settleApply(subject, id, await attemptOf(subject), { kind: 'wrong_code', error })
    const after = await ledger.view(subject)
    expect(after.current?.wrongTries).toBe(1)
    expect(after.cooldownSeconds).toBeLessThanOrEqual(before)
  })

  test('a refusal that no other code could change ends the request', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    await ledger.beginApply(subject, id, wei)
    await ledger.settleApply(subject, id, await attemptOf(subject), { kind: 'refused', error, closes: true })
    expect(await rowOf(id)).toMatchObject({ state: 'void', voidReason: 'refused', numberSealed: null })
    expect((await ledger.view(subject)).current).toBeNull()
  })

  test('an unknown use blocks sending and using until a look-up settles it', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    await ledger.beginApply(subject, id, wei)
    await ledger.settleApply(subject, id, await attemptOf(subject), { kind: 'unknown', error })
    offset += 30
    await expect(send(subject)).rejects.toMatchObject({ code: 'apply.outcome_unknown' })
    await expect(ledger.beginApply(subject, id, wei)).rejects.toMatchObject({ code: 'apply.outcome_unknown' })
    await expect(ledger.discard(subject, id, wei)).rejects.toMatchObject({ code: 'apply.outcome_unknown' })
    expect((await rowOf(id)).wrongTries).toBe(0)

    await lookUp(subject, 'not_done')
    expect((await ledger.view(subject)).current).toMatchObject({
      state: 'apply_unknown',
      lookupResult: 'not_done',
    })
    offset += 31
    await lookUp(subject, 'not_done')
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'sent', lookupResult: 'not_done' })
    await expect(ledger.beginApply(subject, id, wei)).resolves.toHaveProperty('number')
  })

  test('a phone found by a look-up ends it without claiming the number', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    await ledger.beginApply(subject, id, wei)
    await ledger.settleApply(subject, id, await attemptOf(subject), { kind: 'unknown', error })
    await lookUp(subject, 'done')
    expect(await rowOf(id)).toMatchObject({
      state: 'applied',
      applyRequestId: null,
      lookupResult: 'done',
      numberSealed: null,
    })
  })

  test('a use that never came back is unknown after the settle time', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    await ledger.beginApply(subject, id, wei)
    offset += 61
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'apply_unknown', wrongTries: 0 })
  })

  test('a start of the sole opener settles what was under way at once', async () => {
    const [sending, applying] = [newSubject(), newSubject()]
    await send(sending)
    const id = await sent(applying)
    await ledger.beginApply(applying, id, wei)
    await ledger.settleInterrupted()
    expect((await ledger.view(sending)).current?.state).toBe('unknown')
    expect((await ledger.view(applying)).current?.state).toBe('apply_unknown')
  })
})

describe('answers that come late or never', () => {
  test('an answer of an older use changes nothing', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    const first = await ledger.beginApply(subject, id, wei)
    offset += 61
    await lookUp(subject, 'not_done')
    const second = await ledger.beginApply(subject, id, amira)
    expect(second.attempt).toBe(first.attempt + 1)
    await ledger.settleApply(subject, id, first.attempt, { kind: 'wrong_code', error })
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'applying', wrongTries: 1 })
    await ledger.settleApply(subject, id, second.attempt, { kind: 'accepted', requestId: 'REQ-2' })
    expect(await rowOf(id)).toMatchObject({ state: 'applied', applyRequestId: 'REQ-2' })
  })

  test('a try is given back once, and a late "wrong code" takes it again', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    const { attempt } = await ledger.beginApply(subject, id, wei)
    offset += 61
    expect((await ledger.view(subject)).current?.wrongTries).toBe(0)
    await ledger.settleApply(subject, id, attempt, { kind: 'wrong_code', error })
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'sent', wrongTries: 1 })
  })

  test('an answer that is noted a second time, because the first commit was not heard of, tells the same', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    const { attempt } = await ledger.beginApply(subject, id, wei)
    const wrong = { kind: 'wrong_code', error } as const
    expect(await ledger.settleApply(subject, id, attempt, wrong)).toEqual({ triesLeft: 9 })
    expect(await ledger.settleApply(subject, id, attempt, wrong)).toEqual({ triesLeft: 9 })
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'sent', wrongTries: 1 })
  })

  test('a look-up that began too early proves nothing, however late it is noted', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    const { attempt } = await ledger.beginApply(subject, id, wei)
    await ledger.settleApply(subject, id, attempt, { kind: 'unknown', error })
    offset += 59
    const { lookUp: early } = await ledger.beginLookUp(subject)
    if (!early) throw new Error('nothing to look up')
    offset += 10
    await ledger.recordLookup(subject, early, 'not_done')
    expect((await ledger.view(subject)).current?.state).toBe('apply_unknown')
  })

  test('a refused send to another number leaves the older code as it was, and both are shown', async () => {
    const subject = newSubject()
    const first = await sent(subject)
    offset += 60
    const other = { full: '65-90001111', masked: '+65-****1111' }
    const { id } = await send(subject, other)
    await ledger.settleSend(subject, id, { kind: 'refused', error })
    expect(await ledger.view(subject)).toMatchObject({
      current: { id: first, state: 'sent', numberMasked: phone.masked },
      refused: { id, numberMasked: other.masked },
      cooldownSeconds: upTo(5),
      sentToday: 1,
      sendNumber: 1,
    })
    const { number, attempt } = await ledger.beginApply(subject, first, wei)
    expect(number).toBe(phone.full)
    // Discarded, the older one is what is told, although the refused one is newer.
    await ledger.settleApply(subject, first, attempt, { kind: 'wrong_code', error })
    await ledger.discard(subject, first, amira)
    expect(await ledger.view(subject)).toMatchObject({
      current: null,
      refused: { id: first, discardedBy: 'amira.said' },
    })
  })

  test.each(['accepted', 'unknown'] as const)(
    'a send to another number that is %s takes the place',
    async (kind) => {
      const subject = newSubject()
      const first = await sent(subject)
      offset += 60
      const { id } = await send(subject, { full: '65-90001111', masked: '+65-****1111' })
      const outcome = kind === 'accepted' ? { kind, requestId: 'REQ-2', expiresAt: null } : { kind, error }
      await ledger.settleSend(subject, id, outcome)
      expect(await rowOf(first)).toMatchObject({
        state: 'void',
        voidReason: 'superseded',
        numberSealed: null,
      })
      expect(await ledger.view(subject)).toMatchObject({
        current: { id },
        refused: null,
        cooldownSeconds: upTo(60),
        sentToday: 2,
        // To this recipient.
        sendNumber: 1,
      })
      await expect(ledger.beginApply(subject, first, wei)).rejects.toMatchObject({
        code: 'code.request_closed',
      })
    },
  )

  test('a send that became unknown by time takes the place of the older one, too', async () => {
    const subject = newSubject()
    const first = await sent(subject)
    offset += 60
    const other = { full: '65-90001111', masked: '+65-****1111' }
    const { id } = await send(subject, other)
    offset += 61
    expect((await ledger.view(subject)).current).toMatchObject({ id, state: 'unknown' })
    await ledger.discard(subject, id, wei)
    expect((await ledger.view(subject)).current).toBeNull()
    expect(await rowOf(first)).toMatchObject({ state: 'void', voidReason: 'superseded', numberSealed: null })
  })

  test('a use left unknown until its number was erased ends when it is looked up', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    const { attempt } = await ledger.beginApply(subject, id, wei)
    await ledger.settleApply(subject, id, attempt, { kind: 'unknown', error })
    offset += 24 * 3600 + 1
    await ledger.sweep()
    await lookUp(subject, 'not_done')
    expect(await rowOf(id)).toMatchObject({ state: 'void', voidReason: 'too_old' })
    expect((await ledger.view(subject)).current).toBeNull()
  })

  test('a bound phone that Alibaba Cloud no longer has lets a new binding begin; soon after the bind it is not believed', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    const { attempt } = await ledger.beginApply(subject, id, wei)
    await ledger.settleApply(subject, id, attempt, { kind: 'accepted', requestId: 'R' })
    await ledger.undone(subject, id)
    expect((await ledger.view(subject)).current?.state).toBe('applied')
    offset += 61
    await ledger.undone(subject, id)
    expect((await ledger.view(subject)).current).toBeNull()
    expect(await rowOf(id)).toMatchObject({
      state: 'applied',
      voidReason: 'undone',
      applyRequestId: 'R',
    })
    await expect(send(subject)).resolves.toHaveProperty('id')
  })
})

describe('a recipient that Alibaba Cloud chooses', () => {
  const ownerId = '9134520068812347'
  let intent: { act: string; cenId: string; ownerId: string }
  // A CEN that nobody was sent a code for.
  beforeEach(() => {
    intent = { act: 'attach', cenId: `cen-${randomUUID()}`, ownerId }
  })

  function network(): Subject {
    return { accountId: '3333333333333333', operation: 'join_network', target: randomUUID() }
  }

  async function asked(subject: Subject, what = intent) {
    const sending = { number: null, intent: what }
    const { id } = await ledger.beginSend(subject, { sending, operator: wei, knowingly: false })
    await ledger.settleSend(subject, id, { kind: 'accepted', requestId: 'REQ', expiresAt: null })
    return id
  }

  test('the code is sent again and used for what the first was asked for, and no number is kept', async () => {
    const subject = network()
    await asked(subject)
    offset += 60
    const again = await ledger.beginSend(subject, { sending: null, operator: wei, knowingly: false })
    expect(again).toMatchObject({ number: null, intent })
    await ledger.settleSend(subject, again.id, { kind: 'accepted', requestId: 'REQ', expiresAt: null })
    expect(await ledger.view(subject)).toMatchObject({
      current: { id: again.id, numberMasked: null, intent },
      sendNumber: 2,
    })
    expect(await ledger.beginApply(subject, again.id, wei)).toMatchObject({ number: null, intent })
  })

  test('sends to another recipient are not counted as sends to this one', async () => {
    const subject = network()
    await asked(subject)
    offset += 60
    await asked(subject, { ...intent, ownerId: '9134520068812349' })
    expect(await ledger.view(subject)).toMatchObject({ sendNumber: 1, sentToday: 2 })
  })

  test('sends to the same recipient are, whatever else is to be brought about', async () => {
    const subject = network()
    await asked(subject)
    offset += 60
    await asked(subject, { ...intent, cenId: 'cen-another' })
    expect(await ledger.view(subject)).toMatchObject({ sendNumber: 2 })
  })

  describe('for the same CEN of another account and several networks', () => {
    test('one code at a time goes out, with the same pause', async () => {
      const [one, other] = [network(), network()]
      const sending = { number: null, intent }
      const begin = (subject: Subject) =>
        ledger.beginSend(subject, { sending, operator: wei, knowingly: false })
      const results = await Promise.allSettled([begin(one), begin(other), begin(network())])
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason.code).toBe('send.in_progress')
      offset += 61
      // It never came back: from now on it is one of unknown outcome.
      await expect(asked(network())).rejects.toMatchObject({ code: 'send.cooling_down' })
      offset += 60
      await expect(asked(network())).resolves.toBeTruthy()
      // Neither another owner nor another CEN is held up by it.
      await expect(asked(network(), { ...intent, cenId: 'cen-another' })).resolves.toBeTruthy()
    })

    test('only the newest is used: the other networks are told', async () => {
      const [one, other] = [network(), network()]
      const first = await asked(one)
      offset += 60
      const second = await asked(other)
      expect(await ledger.view(one)).toMatchObject({
        current: null,
        refused: { id: first, voidReason: 'superseded' },
      })
      await expect(ledger.beginApply(one, first, wei)).rejects.toMatchObject({ code: 'code.request_closed' })
      expect((await ledger.view(other)).current).toMatchObject({ id: second, state: 'sent' })
    })

    test('a send for another CEN takes the place of the older one of its network, and of no other', async () => {
      const [one, other] = [network(), network()]
      const first = await asked(one)
      offset += 60
      const second = await asked(one, { ...intent, cenId: 'cen-another' })
      expect(await rowOf(first)).toMatchObject({ state: 'void', voidReason: 'superseded' })
      const third = await asked(other)
      await ledger.discard(one, second, wei)
      // What it took the place of does not come back.
      expect((await ledger.view(one)).current).toBeNull()
      expect((await ledger.view(other)).current).toMatchObject({ id: third })
    })

    test('a refused send for another CEN leaves the older one as it was', async () => {
      const one = network()
      const first = await asked(one)
      offset += 60
      const sending = { number: null, intent: { ...intent, cenId: 'cen-another' } }
      const { id } = await ledger.beginSend(one, { sending, operator: wei, knowingly: false })
      await ledger.settleSend(one, id, { kind: 'refused', error })
      expect(await ledger.view(one)).toMatchObject({ current: { id: first }, refused: { id } })
    })

    test('also where the newer one never came back', async () => {
      const [one, other] = [network(), network()]
      const first = await asked(one)
      offset += 60
      await ledger.beginSend(other, { sending: { number: null, intent }, operator: wei, knowingly: false })
      offset += 61
      expect((await ledger.view(other)).current?.state).toBe('unknown')
      expect(await rowOf(first)).toMatchObject({ state: 'void', voidReason: 'superseded' })
    })

    test('what is being used with the older one is not taken from under it', async () => {
      const [one, other] = [network(), network()]
      const first = await asked(one)
      offset += 60
      const { attempt } = await ledger.beginApply(one, first, wei)
      await asked(other)
      expect((await ledger.view(one)).current).toMatchObject({ id: first, state: 'applying' })
      await ledger.settleApply(one, first, attempt, { kind: 'accepted', requestId: 'REQ' })
      expect((await ledger.view(one)).current).toMatchObject({ id: first, state: 'applied' })
    })

    test.each(['a wrong code', 'a look-up', 'a trial without an answer'])(
      'an older one that %s opens again has lost its place all the same',
      async (opener) => {
        const [one, other] = [network(), network()]
        const first = await asked(one)
        offset += 60
        const trial = opener === 'a trial without an answer'
        const { attempt } = await ledger[trial ? 'beginTrial' : 'beginApply'](one, first, wei)
        await asked(other)
        if (opener === 'a wrong code')
          await ledger.settleApply(one, first, attempt, { kind: 'wrong_code', error })
        else offset += 61
        if (opener === 'a look-up') await lookUp(one, 'not_done')
        expect((await ledger.view(one)).current).toBeNull()
        expect(await rowOf(first)).toMatchObject({ state: 'void', voidReason: 'superseded' })
      },
    )
  })

  test('what is to be brought about may change when the code is used, and stays changed', async () => {
    const subject = network()
    const id = await asked(subject)
    const { attempt } = await ledger.beginTrial(subject, id, wei, { cenId: 'cen-2' })
    await ledger.settleApply(subject, id, attempt, { kind: 'unchanged' })
    expect((await ledger.view(subject)).current?.intent).toEqual({ ...intent, cenId: 'cen-2' })
  })

  test.each(['beginApply', 'beginTrial'] as const)(
    'but not where whoever changed it was not allowed the call (%s)',
    async (begin) => {
      const subject = network()
      const id = await asked(subject)
      const { attempt, before } = await ledger[begin](subject, id, amira, { cenId: 'cen-2' })
      expect((await ledger.view(subject)).current?.intent).toEqual({ ...intent, cenId: 'cen-2' })
      const outcome =
        begin === 'beginTrial'
          ? ({ kind: 'unchanged', restores: before } as const)
          : ({ kind: 'refused', error, closes: false, restores: before } as const)
      await ledger.settleApply(subject, id, attempt, outcome)
      expect((await ledger.view(subject)).current).toMatchObject({ id, state: 'sent', intent })
    },
  )

  test('24 hours after its send the request ends', async () => {
    const subject = network()
    const id = await asked(subject)
    offset += 24 * 3600 + 1
    await ledger.sweep()
    expect(await rowOf(id)).toMatchObject({ state: 'void', voidReason: 'too_old' })
  })
})

describe('asking whether an act would succeed', () => {
  const wrong = { kind: 'wrong_code', error } as const

  async function trying(subject: Subject) {
    const id = await sent(subject)
    const { attempt } = await ledger.beginTrial(subject, id, wei)
    return { id, attempt }
  }

  test('leaves the code open and costs no try, unless the code was wrong', async () => {
    const subject = newSubject()
    const first = await trying(subject)
    const { id } = first
    await ledger.settleApply(subject, id, first.attempt, { kind: 'unchanged' })
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'sent', wrongTries: 0 })
    const second = await ledger.beginTrial(subject, id, wei)
    await ledger.settleApply(subject, id, second.attempt, wrong)
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'sent', wrongTries: 1 })
    const third = await ledger.beginApply(subject, id, wei)
    expect(third.number).toBe(phone.full)
  })

  test('nothing else begins meanwhile, and it is not told as the act', async () => {
    const subject = newSubject()
    const id = await sent(subject)
    offset += 30
    await ledger.beginTrial(subject, id, wei)
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'trying', wrongTries: 1 })
    const refused = { code: 'trial.in_progress' }
    await expect(ledger.beginApply(subject, id, amira)).rejects.toMatchObject(refused)
    await expect(ledger.beginTrial(subject, id, amira)).rejects.toMatchObject(refused)
    await expect(ledger.discard(subject, id, wei)).rejects.toMatchObject(refused)
    // Past the cool-down of the send, and not past the settle time of the trial.
    offset += 31
    await expect(send(subject, phone, amira)).rejects.toMatchObject(refused)
  })

  test('without an answer the code is open again after the settle time, and nothing is to be looked up', async () => {
    const subject = newSubject()
    const { id } = await trying(subject)
    offset += 61
    expect((await ledger.view(subject)).current).toMatchObject({ id, state: 'sent', wrongTries: 0 })
    expect((await ledger.beginLookUp(subject)).lookUp).toBeNull()
    await expect(ledger.beginApply(subject, id, wei)).resolves.toHaveProperty('number', phone.full)
  })

  test('a start of the sole opener opens the code again at once', async () => {
    const subject = newSubject()
    const { id } = await trying(subject)
    await ledger.settleInterrupted()
    expect(await rowOf(id)).toMatchObject({ state: 'sent', wrongTries: 0, applySettledAt: null })
  })

  test('a "wrong code" that comes after the settle time costs its try all the same, once', async () => {
    const subject = newSubject()
    const { id, attempt } = await trying(subject)
    offset += 61
    expect((await ledger.view(subject)).current?.wrongTries).toBe(0)
    expect(await ledger.settleApply(subject, id, attempt, wrong)).toEqual({ triesLeft: 9 })
    expect(await ledger.settleApply(subject, id, attempt, wrong)).toEqual({ triesLeft: 9 })
    const next = await ledger.beginTrial(subject, id, wei)
    expect(await ledger.settleApply(subject, id, attempt, wrong)).toEqual({ triesLeft: 8 })
    expect(await rowOf(id)).toMatchObject({ state: 'trying', applyAttempt: next.attempt })
  })

  test('a send that nobody knows the outcome of stays one', async () => {
    const subject = newSubject()
    const { id } = await send(subject)
    await ledger.settleSend(subject, id, { kind: 'unknown', error })
    await ledger.beginTrial(subject, id, wei)
    offset += 61
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'sent', sendOutcome: 'unknown' })
    await expect(send(subject)).rejects.toMatchObject({ code: 'send.outcome_unknown' })
    expect(await ledger.openTargets(subject, [subject.target])).toEqual(
      new Map([[subject.target, 'outcome_unknown']]),
    )
    await expect(send(subject, phone, wei, true)).resolves.toHaveProperty('id')
  })
})

describe('acts without a code', () => {
  function account(): Subject {
    const accountId = randomUUID()
    return { accountId, operation: 'enable_directory', target: accountId }
  }
  const intent = { mode: 'current' }
  const act = (subject: Subject) => ledger.beginUncoded(subject, { intent, operator: wei })

  test('two at the same time make one', async () => {
    const subject = account()
    const results = await Promise.allSettled([act(subject), act(subject), act(subject)])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
    for (const one of results)
      if (one.status === 'rejected')
        expect(one.reason).toMatchObject({
          code: 'apply.in_progress',
          params: { operation: 'enable_directory' },
        })
  })

  test('a refused one is over, told, and may be tried again at once; it was no send', async () => {
    const subject = account()
    const { id, attempt } = await act(subject)
    await ledger.settleApply(subject, id, attempt, { kind: 'refused', error, closes: true })
    const view = await ledger.view(subject)
    expect(view).toMatchObject({ current: null, refused: { id }, cooldownSeconds: 0, sentToday: 0 })
    await expect(act(subject)).resolves.toHaveProperty('id')
  })

  test('an unknown one blocks the next until a look-up settles it', async () => {
    const subject = account()
    const { id, attempt } = await act(subject)
    await ledger.settleApply(subject, id, attempt, { kind: 'unknown', error })
    await expect(act(subject)).rejects.toMatchObject({ code: 'apply.outcome_unknown' })
    await lookUp(subject, 'not_done')
    await expect(act(subject)).rejects.toMatchObject({ code: 'apply.outcome_unknown' })
    offset += 61
    await lookUp(subject, 'not_done')
    expect(await ledger.view(subject)).toMatchObject({
      current: null,
      refused: { id, voidReason: 'not_done' },
    })
    await expect(act(subject)).resolves.toHaveProperty('id')
  })

  test('a done one forbids another, and takes the place of a code that still waits', async () => {
    const subject = account()
    const code = await sent(subject)
    const { id, attempt } = await act(subject)
    expect((await rowOf(code)).state).toBe('sent')
    await ledger.settleApply(subject, id, attempt, { kind: 'accepted', requestId: 'R' })
    expect(await rowOf(code)).toMatchObject({ state: 'void', voidReason: 'superseded', numberSealed: null })
    await expect(act(subject)).rejects.toMatchObject({ code: 'directory.exists' })
    const back = (reverses: boolean) =>
      ledger.beginUncoded(subject, { intent: { mode: 'none' }, operator: wei, reverses: () => reverses })
    await expect(back(false)).rejects.toMatchObject({ code: 'apply.in_progress' })
    await expect(back(true)).resolves.toHaveProperty('id')
  })

  test('one that was refused leaves a waiting code in force', async () => {
    const subject = account()
    const code = await sent(subject)
    const { id, attempt } = await act(subject)
    await ledger.settleApply(subject, id, attempt, { kind: 'refused', error, closes: true })
    expect((await ledger.view(subject)).current).toMatchObject({ id: code, state: 'sent' })
  })

  test('none of them can be used with a code or sent again', async () => {
    const subject = account()
    const { id, attempt } = await act(subject)
    await ledger.settleApply(subject, id, attempt, { kind: 'unknown', error })
    offset += 61
    await lookUp(subject, 'not_done')
    await expect(ledger.beginApply(subject, id, wei)).rejects.toMatchObject({ code: 'code.request_closed' })
    const again = { sending: null, operator: wei, knowingly: true }
    await expect(ledger.beginSend(subject, again)).rejects.toMatchObject({ code: 'code.request_closed' })
  })

  test('an accepted one is discarded only where that is said to be overdue, and it is told who did', async () => {
    const subject = account()
    const { id, attempt } = await act(subject)
    await ledger.settleApply(subject, id, attempt, { kind: 'accepted', requestId: 'R' })
    await expect(ledger.discard(subject, id, amira)).rejects.toMatchObject({ code: 'code.request_closed' })
    await ledger.discard(subject, id, amira, { overdue: true })
    expect(await ledger.view(subject)).toMatchObject({
      current: null,
      refused: { id, state: 'applied', voidReason: 'undone', discardedBy: 'amira.said' },
      undone: null,
    })
  })

  test('what was found once is noted once, and ends at once when it certainly is no more', async () => {
    const subject = account()
    const { id, attempt } = await act(subject)
    await ledger.settleApply(subject, id, attempt, { kind: 'accepted', requestId: 'R' })
    await ledger.recordFound(subject, id)
    const { lookedUpAt } = await rowOf(id)
    expect(lookedUpAt).not.toBeNull()
    offset += 5
    await ledger.recordFound(subject, id)
    expect((await rowOf(id)).lookedUpAt).toEqual(lookedUpAt)
    await ledger.undone(subject, id, { certainly: true })
    expect((await ledger.view(subject)).current).toBeNull()
  })
})

test('a bind of unknown outcome stays in the list when its code has run out', async () => {
  const subject = newSubject()
  const id = await sent(subject, 10)
  const { attempt } = await ledger.beginApply(subject, id, wei)
  await ledger.settleApply(subject, id, attempt, { kind: 'unknown', error })
  offset += 30
  expect(Object.fromEntries(await ledger.openTargets(subject, [subject.target]))).toEqual({
    [subject.target]: 'outcome_unknown',
  })
})

test('lists show what is open: a code on its way, an unknown outcome, nothing once it ran out', async () => {
  const [code, unknown, expired, none] = [newSubject(), newSubject(), newSubject(), newSubject()]
  await sent(code)
  const { id } = await send(unknown)
  await ledger.settleSend(unknown, id, { kind: 'unknown', error })
  await sent(expired, 10)
  offset += 11
  const open = await ledger.openTargets(
    code,
    [code, unknown, expired, none].map(({ target }) => target),
  )
  expect(Object.fromEntries(open)).toEqual({
    [code.target]: 'code_sent',
    [unknown.target]: 'outcome_unknown',
  })
})
