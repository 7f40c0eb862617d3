import { afterAll, beforeAll, expect, test } from 'vitest'
import { newMember, openTestLedger, refusal, wei } from './testing'

type TestLedger = Awaited<ReturnType<typeof openTestLedger>>
let { database, clock, ledger, send, sent } = {} as TestLedger
beforeAll(async () => {
  ;({ database, clock, ledger, send, sent } = await openTestLedger({ codeSeconds: 900 }))
})
afterAll(() => database.close())

test('a bind of unknown outcome stays in the list after its code has expired', async () => {
  const subject = newMember()
  const id = await sent(subject, { codeSeconds: 10 })
  const { attempt } = await ledger.beginApply(subject, id, wei)
  await ledger.settleApply(subject, id, attempt, { kind: 'unknown', error: refusal })
  clock.offset += 30
  expect(Object.fromEntries(await ledger.openTargets(subject, [subject.target]))).toEqual({
    [subject.target]: 'outcome_unknown',
  })
})

test('lists show what is open: a sent code, an unknown outcome, nothing once the code has expired', async () => {
  const [code, unknown, expired, none] = [newMember(), newMember(), newMember(), newMember()]
  await sent(code)
  const id = await send(unknown)
  await ledger.settleSend(unknown, id, { kind: 'unknown', error: refusal })
  await sent(expired, { codeSeconds: 10 })
  clock.offset += 11
  const open = await ledger.openTargets(
    code,
    [code, unknown, expired, none].map(({ target }) => target),
  )
  expect(Object.fromEntries(open)).toEqual({
    [code.target]: 'code_sent',
    [unknown.target]: 'outcome_unknown',
  })
})
