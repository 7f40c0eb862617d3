import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { wrongAttemptsMax } from '@/lib/contract/code-attempts'
import type { Subject } from './index'
import { amira, newMember, openTestLedger, phone, refusal, wei } from './testing'

type TestLedger = Awaited<ReturnType<typeof openTestLedger>>
let { database, clock, ledger, send, sent, reconcile, attemptOf, rowOf } = {} as TestLedger
beforeAll(async () => {
  ;({ database, clock, ledger, send, sent, reconcile, attemptOf, rowOf } = await openTestLedger({
    codeSeconds: 900,
  }))
})
afterAll(() => database.close())

describe('using a code', () => {
  test('of several simultaneous attempts only one begins', async () => {
    const subject = newMember()
    const id = await sent(subject)
    const results = await Promise.allSettled([1, 2, 3].map(() => ledger.beginApply(subject, id, wei)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of results)
      if (one.status === 'rejected') expect(one.reason.code).toBe('apply.in_progress')
    await expect(send(subject)).rejects.toMatchObject({ code: 'apply.in_progress' })
  })

  test('once accepted, the phone is bound and its number erased; nothing more can be sent', async () => {
    const subject = newMember()
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
    clock.offset += 60
    await expect(send(subject)).rejects.toMatchObject({ code: 'phone.already_bound' })
  })

  test('ten wrong codes are allowed; a new send has its own ten', async () => {
    const subject = newMember()
    const id = await sent(subject)
    for (let left = wrongAttemptsMax - 1; left >= 0; left--) {
      await ledger.beginApply(subject, id, wei)
      expect(
        await ledger.settleApply(subject, id, await attemptOf(subject), {
          kind: 'wrong_code',
          error: refusal,
        }),
      ).toEqual({
        attemptsLeft: left,
      })
    }
    await expect(ledger.beginApply(subject, id, wei)).rejects.toMatchObject({ code: 'code.no_attempts_left' })
    clock.offset += 60
    const { id: next } = await ledger.beginSend(subject, {
      sending: null,
      operator: wei,
      confirmResend: false,
    })
    await ledger.settleSend(subject, next, { kind: 'accepted', requestId: 'R', expiresAt: null })
    await expect(ledger.beginApply(subject, next, wei)).resolves.toHaveProperty('number')
  })

  test('only a wrong code costs an attempt; it does not affect the cool-down', async () => {
    const subject = newMember()
    const id = await sent(subject)
    await ledger.beginApply(subject, id, wei)
    expect((await ledger.view(subject)).current?.wrongAttempts).toBe(1)
    await ledger.settleApply(subject, id, await attemptOf(subject), {
      kind: 'refused',
      error: refusal,
      closes: false,
    })
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'sent', wrongAttempts: 0 })
    const before = (await ledger.view(subject)).cooldownSeconds
    await ledger.beginApply(subject, id, wei)
    await ledger.settleApply(subject, id, await attemptOf(subject), { kind: 'wrong_code', error: refusal })
    const after = await ledger.view(subject)
    expect(after.current?.wrongAttempts).toBe(1)
    expect(after.cooldownSeconds).toBeLessThanOrEqual(before)
  })

  test('a refusal that no other code could change ends the request', async () => {
    const subject = newMember()
    const id = await sent(subject)
    await ledger.beginApply(subject, id, wei)
    await ledger.settleApply(subject, id, await attemptOf(subject), {
      kind: 'refused',
      error: refusal,
      closes: true,
    })
    expect(await rowOf(id)).toMatchObject({ state: 'void', voidReason: 'refused', numberSealed: null })
    expect((await ledger.view(subject)).current).toBeNull()
  })

  test('an unknown outcome blocks sends and attempts until it is reconciled', async () => {
    const subject = newMember()
    const id = await sent(subject)
    await ledger.beginApply(subject, id, wei)
    await ledger.settleApply(subject, id, await attemptOf(subject), { kind: 'unknown', error: refusal })
    clock.offset += 30
    await expect(send(subject)).rejects.toMatchObject({ code: 'apply.outcome_unknown' })
    await expect(ledger.beginApply(subject, id, wei)).rejects.toMatchObject({ code: 'apply.outcome_unknown' })
    await expect(ledger.discard(subject, id, wei)).rejects.toMatchObject({ code: 'apply.outcome_unknown' })
    expect((await rowOf(id)).wrongAttempts).toBe(0)

    await reconcile(subject, 'not_done')
    expect((await ledger.view(subject)).current).toMatchObject({
      state: 'apply_unknown',
      reconcileResult: 'not_done',
    })
    clock.offset += 31
    await reconcile(subject, 'not_done')
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'sent', reconcileResult: 'not_done' })
    await expect(ledger.beginApply(subject, id, wei)).resolves.toHaveProperty('number')
  })

  test('a phone found by reconciliation ends the request without claiming the number', async () => {
    const subject = newMember()
    const id = await sent(subject)
    await ledger.beginApply(subject, id, wei)
    await ledger.settleApply(subject, id, await attemptOf(subject), { kind: 'unknown', error: refusal })
    await reconcile(subject, 'done')
    expect(await rowOf(id)).toMatchObject({
      state: 'applied',
      applyRequestId: null,
      reconcileResult: 'done',
      numberSealed: null,
    })
  })

  test('an attempt without an answer becomes unknown after the in-flight timeout', async () => {
    const subject = newMember()
    const id = await sent(subject)
    await ledger.beginApply(subject, id, wei)
    clock.offset += 61
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'apply_unknown', wrongAttempts: 0 })
  })

  test('at startup of the only process, calls in flight end at once', async () => {
    const [sending, applying] = [newMember(), newMember()]
    await send(sending)
    const id = await sent(applying)
    await ledger.beginApply(applying, id, wei)
    await ledger.settleInterrupted()
    expect((await ledger.view(sending)).current?.state).toBe('unknown')
    expect((await ledger.view(applying)).current?.state).toBe('apply_unknown')
  })
})

describe('checking whether an operation would succeed', () => {
  const wrong = { kind: 'wrong_code', error: refusal } as const

  async function beginCheck(subject: Subject) {
    const id = await sent(subject)
    const { attempt } = await ledger.beginCheck(subject, id, wei)
    return { id, attempt }
  }

  test('leaves the code open and costs no attempt, unless the code was wrong', async () => {
    const subject = newMember()
    const first = await beginCheck(subject)
    const { id } = first
    await ledger.settleApply(subject, id, first.attempt, { kind: 'unchanged' })
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'sent', wrongAttempts: 0 })
    const second = await ledger.beginCheck(subject, id, wei)
    await ledger.settleApply(subject, id, second.attempt, wrong)
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'sent', wrongAttempts: 1 })
    const third = await ledger.beginApply(subject, id, wei)
    expect(third.number).toBe(phone.full)
  })

  test('nothing else can begin meanwhile, and it is not reported as the operation', async () => {
    const subject = newMember()
    const id = await sent(subject)
    clock.offset += 30
    await ledger.beginCheck(subject, id, wei)
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'trying', wrongAttempts: 1 })
    const refused = { code: 'check.in_progress' }
    await expect(ledger.beginApply(subject, id, amira)).rejects.toMatchObject(refused)
    await expect(ledger.beginCheck(subject, id, amira)).rejects.toMatchObject(refused)
    await expect(ledger.discard(subject, id, wei)).rejects.toMatchObject(refused)
    // Past the cool-down of the send, but within the in-flight timeout of the check.
    clock.offset += 31
    await expect(send(subject, { operator: amira })).rejects.toMatchObject(refused)
  })

  test('without an answer the code is open again after the in-flight timeout, with nothing to reconcile', async () => {
    const subject = newMember()
    const { id } = await beginCheck(subject)
    clock.offset += 61
    expect((await ledger.view(subject)).current).toMatchObject({ id, state: 'sent', wrongAttempts: 0 })
    expect((await ledger.beginReconciliation(subject)).reconcile).toBeNull()
    await expect(ledger.beginApply(subject, id, wei)).resolves.toHaveProperty('number', phone.full)
  })

  test('at startup of the only process, the code is open again at once', async () => {
    const subject = newMember()
    const { id } = await beginCheck(subject)
    await ledger.settleInterrupted()
    expect(await rowOf(id)).toMatchObject({ state: 'sent', wrongAttempts: 0, applySettledAt: null })
  })

  test('a "wrong code" after the in-flight timeout still costs its attempt, once', async () => {
    const subject = newMember()
    const { id, attempt } = await beginCheck(subject)
    clock.offset += 61
    expect((await ledger.view(subject)).current?.wrongAttempts).toBe(0)
    expect(await ledger.settleApply(subject, id, attempt, wrong)).toEqual({ attemptsLeft: 9 })
    expect(await ledger.settleApply(subject, id, attempt, wrong)).toEqual({ attemptsLeft: 9 })
    const next = await ledger.beginCheck(subject, id, wei)
    expect(await ledger.settleApply(subject, id, attempt, wrong)).toEqual({ attemptsLeft: 8 })
    expect(await rowOf(id)).toMatchObject({ state: 'trying', applyAttempt: next.attempt })
  })

  test('a send of unknown outcome stays unknown', async () => {
    const subject = newMember()
    const id = await send(subject)
    await ledger.settleSend(subject, id, { kind: 'unknown', error: refusal })
    await ledger.beginCheck(subject, id, wei)
    clock.offset += 61
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'sent', sendOutcome: 'unknown' })
    await expect(send(subject)).rejects.toMatchObject({ code: 'send.outcome_unknown' })
    expect(await ledger.openTargets(subject, [subject.target])).toEqual(
      new Map([[subject.target, 'outcome_unknown']]),
    )
    await expect(send(subject, { confirmResend: true })).resolves.toBeTruthy()
  })
})

describe('operations without a code', () => {
  function account(): Subject {
    const accountId = randomUUID()
    return { accountId, operation: 'enable_directory', target: accountId }
  }
  const intent = { mode: 'current' }
  const act = (subject: Subject) => ledger.beginWithoutCode(subject, { intent, operator: wei })

  test('of several simultaneous ones only one begins', async () => {
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

  test('a refused one ends, is shown, and may be repeated at once; it does not count as a send', async () => {
    const subject = account()
    const { id, attempt } = await act(subject)
    await ledger.settleApply(subject, id, attempt, { kind: 'refused', error: refusal, closes: true })
    const view = await ledger.view(subject)
    expect(view).toMatchObject({ current: null, refused: { id }, cooldownSeconds: 0, sentToday: 0 })
    await expect(act(subject)).resolves.toBeTruthy()
  })

  test('one of unknown outcome blocks the next until it is reconciled', async () => {
    const subject = account()
    const { id, attempt } = await act(subject)
    await ledger.settleApply(subject, id, attempt, { kind: 'unknown', error: refusal })
    await expect(act(subject)).rejects.toMatchObject({ code: 'apply.outcome_unknown' })
    await reconcile(subject, 'not_done')
    await expect(act(subject)).rejects.toMatchObject({ code: 'apply.outcome_unknown' })
    clock.offset += 61
    await reconcile(subject, 'not_done')
    expect(await ledger.view(subject)).toMatchObject({
      current: null,
      refused: { id, voidReason: 'not_done' },
    })
    await expect(act(subject)).resolves.toBeTruthy()
  })

  test('a successful one rules out another, and supersedes a code that is still waiting', async () => {
    const subject = account()
    const code = await sent(subject)
    const { id, attempt } = await act(subject)
    expect((await rowOf(code)).state).toBe('sent')
    await ledger.settleApply(subject, id, attempt, { kind: 'accepted', requestId: 'R' })
    expect(await rowOf(code)).toMatchObject({ state: 'void', voidReason: 'superseded', numberSealed: null })
    await expect(act(subject)).rejects.toMatchObject({ code: 'directory.exists' })
    const back = (reverses: boolean) =>
      ledger.beginWithoutCode(subject, { intent: { mode: 'none' }, operator: wei, reverses: () => reverses })
    await expect(back(false)).rejects.toMatchObject({ code: 'apply.in_progress' })
    await expect(back(true)).resolves.toBeTruthy()
  })

  test('a refused one leaves a waiting code valid', async () => {
    const subject = account()
    const code = await sent(subject)
    const { id, attempt } = await act(subject)
    await ledger.settleApply(subject, id, attempt, { kind: 'refused', error: refusal, closes: true })
    expect((await ledger.view(subject)).current).toMatchObject({ id: code, state: 'sent' })
  })

  test('none of them can be used with a code or resent', async () => {
    const subject = account()
    const { id, attempt } = await act(subject)
    await ledger.settleApply(subject, id, attempt, { kind: 'unknown', error: refusal })
    clock.offset += 61
    await reconcile(subject, 'not_done')
    await expect(ledger.beginApply(subject, id, wei)).rejects.toMatchObject({ code: 'code.request_closed' })
    const again = { sending: null, operator: wei, confirmResend: true }
    await expect(ledger.beginSend(subject, again)).rejects.toMatchObject({ code: 'code.request_closed' })
  })

  test('an accepted one can be discarded only as overdue, and the view shows who did it', async () => {
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

  test('what was found is recorded once, and ends immediately when it is known to be gone', async () => {
    const subject = account()
    const { id, attempt } = await act(subject)
    await ledger.settleApply(subject, id, attempt, { kind: 'accepted', requestId: 'R' })
    await ledger.recordFound(subject, id)
    const { reconciledAt } = await rowOf(id)
    expect(reconciledAt).not.toBeNull()
    clock.offset += 5
    await ledger.recordFound(subject, id)
    expect((await rowOf(id)).reconciledAt).toEqual(reconciledAt)
    await ledger.undone(subject, id, { certainly: true })
    expect((await ledger.view(subject)).current).toBeNull()
  })
})
