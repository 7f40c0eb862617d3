import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Subject } from './index'
import { amira, newMember, newNetwork, openTestLedger, phone, refusal, wei } from './testing'

type TestLedger = Awaited<ReturnType<typeof openTestLedger>>
let { database, clock, ledger, send, sent, reconcile, rowOf } = {} as TestLedger
beforeAll(async () => {
  ;({ database, clock, ledger, send, sent, reconcile, rowOf } = await openTestLedger())
})
afterAll(() => database.close())

const hour = 3600
const day = 24 * hour

describe('after the clock is set back by an hour', () => {
  test('a cool-down lasts no longer than its own length', async () => {
    const subject = newMember()
    await sent(subject)
    clock.offset -= hour
    expect((await ledger.view(subject)).cooldownSeconds).toBeLessThanOrEqual(60)
    clock.offset += 61
    expect((await ledger.view(subject)).cooldownSeconds).toBe(0)
    await expect(send(subject)).resolves.toBeTruthy()
  })

  test('the cool-down of a code that several networks share lasts no longer either', async () => {
    const intent = { act: 'attach', cenId: `cen-${randomUUID()}`, ownerId: '9134520068812347' }
    const [one, other] = [newNetwork(), newNetwork()]
    const first = await sent(one, { intent, number: null })
    clock.offset -= hour
    await expect(send(other, { intent, number: null })).rejects.toMatchObject({
      code: 'send.cooling_down',
      params: { seconds: 60 },
    })
    clock.offset += 61
    const second = await sent(other, { intent, number: null })
    expect((await ledger.view(other)).current?.id).toBe(second)
    expect(await rowOf(first)).toMatchObject({ state: 'void', voidReason: 'superseded' })
  })

  test.each(['send', 'bind'] as const)('the in-flight timeout of a %s keeps its length', async (what) => {
    const subject = newMember()
    const id = what === 'send' ? await send(subject) : await sent(subject)
    if (what === 'bind') await ledger.beginApply(subject, id, wei)
    clock.offset -= hour
    await ledger.view(subject)
    clock.offset += 61
    expect((await ledger.view(subject)).current?.state).toBe(what === 'send' ? 'unknown' : 'apply_unknown')
  })

  test('what is started now is newer than what was started before', async () => {
    const subject = newMember()
    const first = await sent(subject)
    clock.offset += 60
    const second = await sent(subject)
    clock.offset -= hour
    await ledger.view(subject)
    clock.offset += 61
    const third = await sent(subject)
    expect((await ledger.view(subject)).current?.id).toBe(third)
    expect((await ledger.list(subject, 9)).map(({ id }) => id)).toEqual([third, second, first])
    for (const id of [first, second]) expect((await rowOf(id)).voidReason).toBe('superseded')
  })

  test('a number that nobody opens again is still erased a day later', async () => {
    const [waiting, flying] = [await sent(newMember()), await send(newMember())]
    clock.offset -= 30 * day
    await ledger.sweep()
    clock.offset += day + 1
    await ledger.sweep()
    for (const id of [waiting, flying])
      expect(await rowOf(id)).toMatchObject({ state: 'void', voidReason: 'too_old', numberSealed: null })
  })
})

describe('the clock goes forward while a call is running, and "not done" is concluded too soon', () => {
  const accepted = { kind: 'accepted', requestId: 'LATE' } as const

  /** A bind that was reconciled before its answer came. */
  async function concluded(subject: Subject) {
    const id = await sent(subject)
    const { attempt } = await ledger.beginApply(subject, id, wei)
    clock.offset += hour
    await reconcile(subject, 'not_done')
    expect((await rowOf(id)).state).toBe('sent')
    return { id, attempt }
  }

  test('the answer wins', async () => {
    const subject = newMember()
    const { id, attempt } = await concluded(subject)
    await ledger.settleApply(subject, id, attempt, accepted)
    expect((await ledger.view(subject)).current).toMatchObject({
      id,
      state: 'applied',
      applyRequestId: 'LATE',
      reconcileResult: null,
    })
    expect((await rowOf(id)).numberSealed).toBeNull()
  })

  test('the answer wins over a discard made before it came', async () => {
    const subject = newMember()
    const { id, attempt } = await concluded(subject)
    await ledger.discard(subject, id, wei)
    await ledger.settleApply(subject, id, attempt, accepted)
    expect((await ledger.view(subject)).current).toMatchObject({ id, state: 'applied', voidReason: null })
  })

  test('the answer wins over another attempt with the same code, and restores its own operator and intent', async () => {
    const subject = newMember()
    const { id, attempt } = await concluded(subject)
    const next = await ledger.beginApply(subject, id, amira, { note: 'second' })
    const use = { operatorName: wei.operatorName, intent: { note: 'first' } }
    await ledger.settleApply(subject, id, attempt, { ...accepted, use })
    const settled = { state: 'applied', applyRequestId: 'LATE', applyOperatorName: 'wei.tan' }
    expect(await rowOf(id)).toMatchObject({ ...settled, intent: { note: 'first' } })
    // The second attempt is refused, as expected: that changes nothing about the first.
    await ledger.settleApply(subject, id, next.attempt, { kind: 'refused', error: refusal, closes: true })
    expect(await rowOf(id)).toMatchObject({ ...settled, voidReason: null })
  })

  test('if another code was sent since, the answer is recorded, and the newer code stays current', async () => {
    const subject = newMember()
    const { id, attempt } = await concluded(subject)
    const newer = await sent(subject, { number: { full: '65-90001111', masked: '+65-****1111' } })
    await ledger.settleApply(subject, id, attempt, accepted)
    expect(await rowOf(id)).toMatchObject({ state: 'applied', applyRequestId: 'LATE', voidReason: null })
    expect((await ledger.view(subject)).current).toMatchObject({ id: newer, state: 'sent' })
    const { attempt: second } = await ledger.beginApply(subject, newer, wei)
    await ledger.settleApply(subject, newer, second, { kind: 'refused', error: refusal, closes: true })
    expect((await ledger.view(subject)).current).toMatchObject({ id, state: 'applied' })
  })

  test('an operation without a code that was concluded to be "not done" is applied', async () => {
    const subject: Subject = { ...newNetwork(), operation: 'join_network' }
    const intent = { act: 'attach', cenId: 'cen-1' }
    const { id, attempt } = await ledger.beginWithoutCode(subject, { intent, operator: wei })
    clock.offset += hour
    await reconcile(subject, 'not_done')
    expect((await ledger.view(subject)).current).toBeNull()
    await ledger.settleApply(subject, id, attempt, accepted)
    expect((await ledger.view(subject)).current).toMatchObject({ id, state: 'applied', voidReason: null })
  })

  test('an answer recorded again does not bring back what was undone since', async () => {
    const subject = newMember()
    const { id, attempt } = await concluded(subject)
    await ledger.settleApply(subject, id, attempt, accepted)
    await ledger.undone(subject, id, { certainly: true })
    await ledger.settleApply(subject, id, attempt, accepted)
    expect(await rowOf(id)).toMatchObject({ state: 'applied', voidReason: 'undone' })
    expect((await ledger.view(subject)).current).toBeNull()
  })

  test('a wrong code costs its attempt, once', async () => {
    const subject = newMember()
    const { id, attempt } = await concluded(subject)
    const wrong = { kind: 'wrong_code', error: refusal } as const
    expect(await ledger.settleApply(subject, id, attempt, wrong)).toEqual({ attemptsLeft: 9 })
    expect(await ledger.settleApply(subject, id, attempt, wrong)).toEqual({ attemptsLeft: 9 })
    expect((await ledger.view(subject)).current).toMatchObject({ reconcileResult: null, applyError: refusal })
  })

  test.each(['was in use', 'was entered incorrectly', 'was discarded'])(
    'an accepted send is recorded for a code that %s before the answer came',
    async (what) => {
      const subject = newMember()
      const id = await send(subject, { number: phone })
      clock.offset += hour
      await ledger.view(subject)
      if (what === 'was discarded') await ledger.discard(subject, id, wei)
      else {
        const { attempt } = await ledger.beginApply(subject, id, wei)
        if (what === 'was entered incorrectly')
          await ledger.settleApply(subject, id, attempt, { kind: 'wrong_code', error: refusal })
      }
      const { state } = await rowOf(id)
      const expiresAt = new Date(Date.now() + (clock.offset + 900) * 1000)
      await ledger.settleSend(subject, id, { kind: 'accepted', requestId: 'LATE-SEND', expiresAt })
      expect(await rowOf(id)).toMatchObject({ state, sendRequestId: 'LATE-SEND', expiresAt })
    },
  )
})
