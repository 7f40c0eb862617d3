import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { amira, newMember, openTestLedger, phone, refusal, upTo, wei } from './testing'

type TestLedger = Awaited<ReturnType<typeof openTestLedger>>
let { database, clock, ledger, send, sent, reconcile, rowOf } = {} as TestLedger
beforeAll(async () => {
  ;({ database, clock, ledger, send, sent, reconcile, rowOf } = await openTestLedger({ codeSeconds: 900 }))
})
afterAll(() => database.close())

describe('answers that come late or never', () => {
  test('an answer to an older attempt changes nothing', async () => {
    const subject = newMember()
    const id = await sent(subject)
    const first = await ledger.beginApply(subject, id, wei)
    clock.offset += 61
    await reconcile(subject, 'not_done')
    const second = await ledger.beginApply(subject, id, amira)
    expect(second.attempt).toBe(first.attempt + 1)
    await ledger.settleApply(subject, id, first.attempt, { kind: 'wrong_code', error: refusal })
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'applying', wrongAttempts: 1 })
    await ledger.settleApply(subject, id, second.attempt, { kind: 'accepted', requestId: 'REQ-2' })
    expect(await rowOf(id)).toMatchObject({ state: 'applied', applyRequestId: 'REQ-2' })
  })

  test('an attempt is given back once, and a late "wrong code" takes it again', async () => {
    const subject = newMember()
    const id = await sent(subject)
    const { attempt } = await ledger.beginApply(subject, id, wei)
    clock.offset += 61
    expect((await ledger.view(subject)).current?.wrongAttempts).toBe(0)
    await ledger.settleApply(subject, id, attempt, { kind: 'wrong_code', error: refusal })
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'sent', wrongAttempts: 1 })
  })

  test('an answer recorded a second time, because the first commit was not confirmed, has the same result', async () => {
    const subject = newMember()
    const id = await sent(subject)
    const { attempt } = await ledger.beginApply(subject, id, wei)
    const wrong = { kind: 'wrong_code', error: refusal } as const
    expect(await ledger.settleApply(subject, id, attempt, wrong)).toEqual({ attemptsLeft: 9 })
    expect(await ledger.settleApply(subject, id, attempt, wrong)).toEqual({ attemptsLeft: 9 })
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'sent', wrongAttempts: 1 })
  })

  test('a reconciliation that began too early proves nothing, however late it is recorded', async () => {
    const subject = newMember()
    const id = await sent(subject)
    const { attempt } = await ledger.beginApply(subject, id, wei)
    await ledger.settleApply(subject, id, attempt, { kind: 'unknown', error: refusal })
    clock.offset += 59
    const { reconcile: early } = await ledger.beginReconciliation(subject)
    if (!early) throw new Error('nothing to reconcile')
    clock.offset += 10
    await ledger.recordReconciliation(subject, early, 'not_done')
    expect((await ledger.view(subject)).current?.state).toBe('apply_unknown')
  })

  test('a refused send to another number leaves the older code unchanged, and both are shown', async () => {
    const subject = newMember()
    const first = await sent(subject)
    clock.offset += 60
    const other = { full: '65-90001111', masked: '+65-****1111' }
    const id = await send(subject, { number: other })
    await ledger.settleSend(subject, id, { kind: 'refused', error: refusal })
    expect(await ledger.view(subject)).toMatchObject({
      current: { id: first, state: 'sent', numberMasked: phone.masked },
      refused: { id, numberMasked: other.masked },
      cooldownSeconds: upTo(5),
      sentToday: 1,
      sendNumber: 1,
    })
    const { number, attempt } = await ledger.beginApply(subject, first, wei)
    expect(number).toBe(phone.full)
    // Once discarded, the older one is shown, although the refused one is newer.
    await ledger.settleApply(subject, first, attempt, { kind: 'wrong_code', error: refusal })
    await ledger.discard(subject, first, amira)
    expect(await ledger.view(subject)).toMatchObject({
      current: null,
      refused: { id: first, discardedBy: 'amira.said' },
    })
  })

  test.each(['accepted', 'unknown'] as const)(
    'a send to another number that is %s supersedes the older code',
    async (kind) => {
      const subject = newMember()
      const first = await sent(subject)
      clock.offset += 60
      const id = await send(subject, { number: { full: '65-90001111', masked: '+65-****1111' } })
      const outcome =
        kind === 'accepted' ? { kind, requestId: 'REQ-2', expiresAt: null } : { kind, error: refusal }
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

  test('a send that became unknown by timeout supersedes the older code, too', async () => {
    const subject = newMember()
    const first = await sent(subject)
    clock.offset += 60
    const other = { full: '65-90001111', masked: '+65-****1111' }
    const id = await send(subject, { number: other })
    clock.offset += 61
    expect((await ledger.view(subject)).current).toMatchObject({ id, state: 'unknown' })
    await ledger.discard(subject, id, wei)
    expect((await ledger.view(subject)).current).toBeNull()
    expect(await rowOf(first)).toMatchObject({ state: 'void', voidReason: 'superseded', numberSealed: null })
  })

  test('an attempt left unknown until its number was erased ends when it is reconciled', async () => {
    const subject = newMember()
    const id = await sent(subject)
    const { attempt } = await ledger.beginApply(subject, id, wei)
    await ledger.settleApply(subject, id, attempt, { kind: 'unknown', error: refusal })
    clock.offset += 24 * 3600 + 1
    await ledger.sweep()
    await reconcile(subject, 'not_done')
    expect(await rowOf(id)).toMatchObject({ state: 'void', voidReason: 'too_old' })
    expect((await ledger.view(subject)).current).toBeNull()
  })

  test('once Alibaba Cloud no longer has a bound phone, a new bind can begin; soon after the bind this is not believed', async () => {
    const subject = newMember()
    const id = await sent(subject)
    const { attempt } = await ledger.beginApply(subject, id, wei)
    await ledger.settleApply(subject, id, attempt, { kind: 'accepted', requestId: 'R' })
    await ledger.undone(subject, id)
    expect((await ledger.view(subject)).current?.state).toBe('applied')
    clock.offset += 61
    await ledger.undone(subject, id)
    expect((await ledger.view(subject)).current).toBeNull()
    expect(await rowOf(id)).toMatchObject({
      state: 'applied',
      voidReason: 'undone',
      applyRequestId: 'R',
    })
    await expect(send(subject)).resolves.toBeTruthy()
  })
})
