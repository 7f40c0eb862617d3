import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { codeRequest } from '@/lib/db'
import { policyOf, type Subject } from './index'
import { amira, newMember, openTestLedger, phone, refusal, upTo, wei } from './testing'

type TestLedger = Awaited<ReturnType<typeof openTestLedger>>
let { database, db, vault, clock, ledger, send, sent, reconcile, rowOf } = {} as TestLedger
beforeAll(async () => {
  ;({ database, db, vault, clock, ledger, send, sent, reconcile, rowOf } = await openTestLedger({
    codeSeconds: 900,
  }))
})
afterAll(() => database.close())

describe('sending', () => {
  test('of several simultaneous sends for one member only one begins', async () => {
    const subject = newMember()
    const results = await Promise.allSettled([
      send(subject),
      send(subject, { operator: amira }),
      send(subject),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
    for (const one of results) if (one.status === 'rejected') expect(one.reason.code).toBe('send.in_progress')
  })

  test('the database itself refuses a second send in flight', async () => {
    const subject = newMember()
    const row = { ...subject, ...wei, state: 'sending' as const, numberMasked: 'm', numberFingerprint: 'f' }
    await db.insert(codeRequest).values(row)
    await expect(db.insert(codeRequest).values(row)).rejects.toThrow()
  })

  test('an accepted send starts the cool-down for every operator; it ends after 60 seconds', async () => {
    const subject = newMember()
    await sent(subject)
    const refused = await send(subject, { operator: amira }).catch((one) => one)
    expect(refused.code).toBe('send.cooling_down')
    expect(refused.params.seconds).toBeGreaterThan(55)
    clock.offset += 60
    await expect(send(subject, { operator: amira })).resolves.toBeTruthy()
  })

  test('a refused send cools down for 5 seconds only, and leaves the previous code valid', async () => {
    const subject = newMember()
    const first = await sent(subject)
    clock.offset += 60
    const { id } = await ledger.beginSend(subject, { sending: null, operator: wei, confirmResend: false })
    await ledger.settleSend(subject, id, { kind: 'refused', error: refusal })
    const view = await ledger.view(subject)
    expect(view.current).toMatchObject({ id: first, state: 'sent' })
    expect(view.refused).toMatchObject({ id, sendError: refusal })
    expect(view.cooldownSeconds).toEqual(upTo(5))
    expect((await rowOf(id)).numberSealed).toBeNull()
    expect(view.sentToday).toBe(1)
  })

  test('an accepted resend supersedes the older code and keeps its number', async () => {
    const subject = newMember()
    const first = await sent(subject)
    clock.offset += 60
    const again = await ledger.beginSend(subject, { sending: null, operator: amira, confirmResend: false })
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

  test('after an unknown outcome another send must be confirmed', async () => {
    const subject = newMember()
    const id = await send(subject)
    await ledger.settleSend(subject, id, { kind: 'unknown', error: refusal })
    expect(await ledger.view(subject)).toMatchObject({
      current: { state: 'unknown', sendOutcome: 'unknown' },
      sentToday: 1,
    })
    clock.offset += 60
    await expect(send(subject)).rejects.toMatchObject({ code: 'send.outcome_unknown' })
    await expect(send(subject, { confirmResend: true })).resolves.toBeTruthy()
  })

  test('a send without an answer becomes unknown after the in-flight timeout, and its cool-down starts then', async () => {
    const subject = newMember()
    await send(subject)
    clock.offset += 20
    expect((await ledger.view(subject)).current?.state).toBe('sending')
    clock.offset += 41
    const view = await ledger.view(subject)
    expect(view.current?.state).toBe('unknown')
    expect(view.cooldownSeconds).toEqual(upTo(59))
  })

  test('a late answer corrects an unknown send', async () => {
    const subject = newMember()
    const id = await send(subject)
    clock.offset += 61
    await ledger.view(subject)
    await ledger.settleSend(subject, id, { kind: 'accepted', requestId: 'LATE', expiresAt: null })
    expect((await ledger.view(subject)).current).toMatchObject({
      state: 'sent',
      sendOutcome: 'accepted',
      sendRequestId: 'LATE',
    })
  })

  test('an answer that is recorded late counts from when it came, never from before its send', async () => {
    const subject = newMember()
    const id = await send(subject)
    clock.offset += 40
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
    // Recorded before: `also` still runs, and gets null.
    await ledger.settleSend(subject, id, accepted, { secondsAgo: 0, also })
    expect(also).toHaveBeenLastCalledWith(expect.anything(), null)
    const other = newMember()
    const begun = await send(other)
    await ledger.settleSend(other, begun, accepted, { secondsAgo: 3600, also })
    const { current } = await ledger.view(other)
    expect(current?.settledAt).toEqual(current?.startedAt)
  })

  test('an operation found by reconciliation has its proof once its answer is recorded', async () => {
    const subject = newMember()
    const id = await sent(subject)
    const { attempt } = await ledger.beginApply(subject, id, wei)
    clock.offset += 61
    const { reconcile } = await ledger.beginReconciliation(subject)
    if (reconcile) await ledger.recordReconciliation(subject, reconcile, 'done')
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'applied', applyRequestId: null })
    const answer = (requestId: string) =>
      ledger.settleApply(subject, id, attempt, { kind: 'accepted', requestId })
    await answer('PROOF')
    await answer('AGAIN')
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'applied', applyRequestId: 'PROOF' })
  })

  test('the number is stored sealed and erased when the code is discarded, which is refused from then on', async () => {
    const subject = newMember()
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

  test('24 hours after the send the number is erased and the request ends', async () => {
    const subject = newMember()
    const id = await sent(subject)
    clock.offset += 24 * 3600 + 1
    await ledger.sweep()
    expect(await rowOf(id)).toMatchObject({ state: 'void', voidReason: 'too_old', numberSealed: null })
    expect(await ledger.view(subject)).toMatchObject({ current: null, sentToday: 0 })
  })

  test('sends are also counted for the whole account, except refused ones', async () => {
    const account = { accountId: '2222222222222222', operation: 'bind_phone' } as const
    const [one, two, three] = [1, 2, 3].map((n) => ({ ...account, target: `member-${n}` }))
    if (!one || !two || !three) throw new Error('no subjects')
    await sent(one)
    const id = await send(two)
    await ledger.settleSend(two, id, { kind: 'unknown', error: refusal })
    const refused = await send(three)
    await ledger.settleSend(three, refused, { kind: 'refused', error: refusal })
    expect(await ledger.sentTodayInAll(account)).toBe(2)
    clock.offset += 24 * 3600 + 1
    expect(await ledger.sentTodayInAll(account)).toBe(0)
  })

  test('another member with the same number is found by its fingerprint', async () => {
    const [one, other] = [newMember(), newMember()]
    const number = { full: '65-81110000', masked: '+65-****0000' }
    const id = await send(one, { number })
    expect(await ledger.otherTargets(other, number.full)).toEqual([{ target: one.target, bound: false }])
    expect(await ledger.otherTargets(one, number.full)).toEqual([])
    await ledger.settleSend(one, id, { kind: 'refused', error: refusal })
    expect(await ledger.otherTargets(other, number.full)).toEqual([])
  })
})

describe('a recipient chosen by Alibaba Cloud', () => {
  const ownerId = '9134520068812347'
  let intent: { act: string; cenId: string; ownerId: string }
  // A CEN that no code was sent for.
  beforeEach(() => {
    intent = { act: 'attach', cenId: `cen-${randomUUID()}`, ownerId }
  })

  function network(): Subject {
    return { accountId: '3333333333333333', operation: 'join_network', target: randomUUID() }
  }

  async function asked(subject: Subject, what = intent) {
    const sending = { number: null, intent: what }
    const { id } = await ledger.beginSend(subject, { sending, operator: wei, confirmResend: false })
    await ledger.settleSend(subject, id, { kind: 'accepted', requestId: 'REQ', expiresAt: null })
    return id
  }

  test('the code is resent and used for the same intent, and no number is stored', async () => {
    const subject = network()
    await asked(subject)
    clock.offset += 60
    const again = await ledger.beginSend(subject, { sending: null, operator: wei, confirmResend: false })
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
    clock.offset += 60
    await asked(subject, { ...intent, ownerId: '9134520068812349' })
    expect(await ledger.view(subject)).toMatchObject({ sendNumber: 1, sentToday: 2 })
  })

  test('sends to the same recipient are, whatever the rest of the intent', async () => {
    const subject = network()
    await asked(subject)
    clock.offset += 60
    await asked(subject, { ...intent, cenId: 'cen-another' })
    expect(await ledger.view(subject)).toMatchObject({ sendNumber: 2 })
  })

  describe('for one cross-account CEN and several networks', () => {
    test('one code at a time is sent, with one cool-down', async () => {
      const [one, other] = [network(), network()]
      const sending = { number: null, intent }
      const begin = (subject: Subject) =>
        ledger.beginSend(subject, { sending, operator: wei, confirmResend: false })
      const results = await Promise.allSettled([begin(one), begin(other), begin(network())])
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason.code).toBe('send.in_progress')
      clock.offset += 61
      // It got no answer: from now on its outcome is unknown.
      await expect(asked(network())).rejects.toMatchObject({ code: 'send.cooling_down' })
      clock.offset += 60
      await expect(asked(network())).resolves.toBeTruthy()
      // Another CEN is not held up by it.
      await expect(asked(network(), { ...intent, cenId: 'cen-another' })).resolves.toBeTruthy()
    })

    test('only the newest code can be used, and the other networks show that', async () => {
      const [one, other] = [network(), network()]
      const first = await asked(one)
      clock.offset += 60
      const second = await asked(other)
      expect(await ledger.view(one)).toMatchObject({
        current: null,
        refused: { id: first, voidReason: 'superseded' },
      })
      await expect(ledger.beginApply(one, first, wei)).rejects.toMatchObject({ code: 'code.request_closed' })
      expect((await ledger.view(other)).current).toMatchObject({ id: second, state: 'sent' })
    })

    test('a send for another CEN supersedes the older code of its network, and no other', async () => {
      const [one, other] = [network(), network()]
      const first = await asked(one)
      clock.offset += 60
      const second = await asked(one, { ...intent, cenId: 'cen-another' })
      expect(await rowOf(first)).toMatchObject({ state: 'void', voidReason: 'superseded' })
      const third = await asked(other)
      await ledger.discard(one, second, wei)
      // The code that it superseded does not come back.
      expect((await ledger.view(one)).current).toBeNull()
      expect((await ledger.view(other)).current).toMatchObject({ id: third })
    })

    test('a refused send for another CEN leaves the older code unchanged', async () => {
      const one = network()
      const first = await asked(one)
      clock.offset += 60
      const sending = { number: null, intent: { ...intent, cenId: 'cen-another' } }
      const { id } = await ledger.beginSend(one, { sending, operator: wei, confirmResend: false })
      await ledger.settleSend(one, id, { kind: 'refused', error: refusal })
      expect(await ledger.view(one)).toMatchObject({ current: { id: first }, refused: { id } })
    })

    test('a newer code without an answer supersedes the older one, too', async () => {
      const [one, other] = [network(), network()]
      const first = await asked(one)
      clock.offset += 60
      await ledger.beginSend(other, {
        sending: { number: null, intent },
        operator: wei,
        confirmResend: false,
      })
      clock.offset += 61
      expect((await ledger.view(other)).current?.state).toBe('unknown')
      expect(await rowOf(first)).toMatchObject({ state: 'void', voidReason: 'superseded' })
    })

    test('an attempt in flight with the older code is not superseded', async () => {
      const [one, other] = [network(), network()]
      const first = await asked(one)
      clock.offset += 60
      const { attempt } = await ledger.beginApply(one, first, wei)
      await asked(other)
      expect((await ledger.view(one)).current).toMatchObject({ id: first, state: 'applying' })
      await ledger.settleApply(one, first, attempt, { kind: 'accepted', requestId: 'REQ' })
      expect((await ledger.view(one)).current).toMatchObject({ id: first, state: 'applied' })
    })

    test.each(['a wrong code', 'a reconciliation', 'a check without an answer'])(
      'an older code that %s opens again is superseded nevertheless',
      async (opener) => {
        const [one, other] = [network(), network()]
        const first = await asked(one)
        clock.offset += 60
        const check = opener === 'a check without an answer'
        const { attempt } = await ledger[check ? 'beginCheck' : 'beginApply'](one, first, wei)
        await asked(other)
        if (opener === 'a wrong code')
          await ledger.settleApply(one, first, attempt, { kind: 'wrong_code', error: refusal })
        // Until then the network may still be shown in its previous state.
        else
          clock.offset += opener === 'a reconciliation' ? policyOf('join_network').shownAfterSeconds + 1 : 61
        if (opener === 'a reconciliation') await reconcile(one, 'not_done')
        expect((await ledger.view(one)).current).toBeNull()
        expect(await rowOf(first)).toMatchObject({ state: 'void', voidReason: 'superseded' })
      },
    )
  })

  test('the intent may change when the code is used, and stays changed', async () => {
    const subject = network()
    const id = await asked(subject)
    const { attempt } = await ledger.beginCheck(subject, id, wei, { cenId: 'cen-2' })
    await ledger.settleApply(subject, id, attempt, { kind: 'unchanged' })
    expect((await ledger.view(subject)).current?.intent).toEqual({ ...intent, cenId: 'cen-2' })
  })

  test.each(['beginApply', 'beginCheck'] as const)(
    'the intent does not stay changed if the operator who changed it lacks permission for the call (%s)',
    async (begin) => {
      const subject = network()
      const id = await asked(subject)
      const { attempt, before } = await ledger[begin](subject, id, amira, { cenId: 'cen-2' })
      expect((await ledger.view(subject)).current?.intent).toEqual({ ...intent, cenId: 'cen-2' })
      const outcome =
        begin === 'beginCheck'
          ? ({ kind: 'unchanged', restores: before } as const)
          : ({ kind: 'refused', error: refusal, closes: false, restores: before } as const)
      await ledger.settleApply(subject, id, attempt, outcome)
      expect((await ledger.view(subject)).current).toMatchObject({ id, state: 'sent', intent })
    },
  )

  test('24 hours after its send the request ends', async () => {
    const subject = network()
    const id = await asked(subject)
    clock.offset += 24 * 3600 + 1
    await ledger.sweep()
    expect(await rowOf(id)).toMatchObject({ state: 'void', voidReason: 'too_old' })
  })
})
