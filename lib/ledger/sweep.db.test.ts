import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CODE_REQUEST_STATES, type CodeRequestState, codeRequest, type Db } from '@/lib/db'
import { queues } from '@/lib/jobs/queues'
import { trySweepLock } from './locks'
import { limits, newMember, newNetwork, openTestLedger, phone, refusal, wei } from './testing'

type TestLedger = Awaited<ReturnType<typeof openTestLedger>>
let { database, db, vault, clock, ledger, send, sent, reconcile, rowOf } = {} as TestLedger
beforeAll(async () => {
  ;({ database, db, vault, clock, ledger, send, sent, reconcile, rowOf } = await openTestLedger())
})
afterAll(() => database.close())

const daySeconds = 24 * 3600

/** A row as a killed console left it. */
async function left(state: string, secondsAgo: number, subject = newMember()) {
  const ago = sql`now() + make_interval(secs => ${clock.offset - secondsAgo})`
  const id = crypto.randomUUID()
  const used = ['trying', 'applying', 'apply_unknown', 'applied'].includes(state)
  await db.insert(codeRequest).values({
    ...subject,
    ...wei,
    id,
    state: state as CodeRequestState,
    numberSealed: vault.seal(phone.full, id),
    numberMasked: phone.masked,
    numberFingerprint: 'f',
    startedAt: ago,
    ...(used && { applyStartedAt: ago, applyAttempt: 1, wrongAttempts: 1 }),
    ...(state === 'void' && { voidReason: 'given_up' }),
  })
  return { id, subject }
}

const afterwards: Record<CodeRequestState, string> = {
  sending: 'void too_old',
  sent: 'void too_old',
  unknown: 'void too_old',
  trying: 'void too_old',
  applying: 'apply_unknown',
  apply_unknown: 'apply_unknown',
  applied: 'applied',
  refused: 'refused',
  void: 'void given_up',
}

test('whatever state a request is left in, its number is erased after a day even if nobody opens it', async () => {
  const days = [1, 90]
  const rows = await Promise.all(
    days.flatMap((n) => CODE_REQUEST_STATES.map((state) => left(state, n * daySeconds + 1))),
  )
  const young = await Promise.all(CODE_REQUEST_STATES.map((state) => left(state, daySeconds - 600)))
  await ledger.sweep()
  const found = await Promise.all(rows.map(({ id }) => rowOf(id)))
  expect(found.map(({ numberSealed }) => numberSealed)).toEqual(rows.map(() => null))
  expect(found.map(({ state, voidReason }) => [state, voidReason].filter(Boolean).join(' '))).toEqual(
    days.flatMap(() => CODE_REQUEST_STATES.map((state) => afterwards[state])),
  )
  for (const { id } of young) expect((await rowOf(id)).numberSealed).not.toBeNull()
})

test('an outcome left unknown for months can still be reconciled, and a new code sent', async () => {
  const { id, subject } = await left('applying', 90 * daySeconds)
  await ledger.sweep()
  expect((await ledger.view(subject)).current).toMatchObject({ id, state: 'apply_unknown' })
  await reconcile(subject, 'not_done')
  expect(await rowOf(id)).toMatchObject({ state: 'void', voidReason: 'too_old' })
  await expect(sent(subject)).resolves.toBeTruthy()

  const other = await left('apply_unknown', 90 * daySeconds)
  await ledger.sweep()
  await reconcile(other.subject, 'done')
  expect((await ledger.view(other.subject)).current).toMatchObject({ id: other.id, state: 'applied' })
})

test('in a state that only a newer version knows, the number is erased too, and the rest is left to that version', async () => {
  await db.execute(sql`alter table code_request drop constraint code_request_state_check`)
  const { id } = await left('probing', daySeconds + 1)
  await ledger.sweep()
  expect(await rowOf(id)).toMatchObject({ state: 'probing', voidReason: null, numberSealed: null })
})

test('with a sweep as often as its job runs, a number in use when its 24 hours end is erased within the next hour', async () => {
  const subject = newMember()
  const id = await sent(subject)
  clock.offset += daySeconds - 1
  const { attempt } = await ledger.beginApply(subject, id, wei)
  clock.offset += 2
  await ledger.sweep()
  expect((await rowOf(id)).numberSealed).not.toBeNull()
  const everySeconds = (queues.settleRequests.everyMinutes ?? 0) * 60
  for (let waited = 0; waited + everySeconds < 3600; waited += everySeconds) {
    if (waited === 0) await ledger.settleApply(subject, id, attempt, { kind: 'wrong_code', error: refusal })
    clock.offset += everySeconds
    await ledger.sweep()
  }
  expect(await rowOf(id)).toMatchObject({ state: 'void', voidReason: 'too_old', numberSealed: null })
})

test('a send without an answer ends the code that it supersedes, also that of another network', async () => {
  const intent = { act: 'attach', cenId: 'cen-shared', ownerId: '9134520068812347' }
  const first = await sent(newNetwork(), { intent, number: null })
  clock.offset += limits.cooldownSeconds
  const second = await send(newNetwork(), { intent, number: null })
  clock.offset += limits.inFlightTimeoutSeconds + 1
  await ledger.sweep()
  expect((await rowOf(second)).state).toBe('unknown')
  expect(await rowOf(first)).toMatchObject({ state: 'void', voidReason: 'superseded' })
})

test('replicas that sweep at the same time do the work once', async () => {
  const rows = await Promise.all([1, 2, 3].map(() => left('sending', daySeconds + 1)))
  const open = async () => Promise.all(rows.map(async ({ id }) => (await rowOf(id)).state))
  await whileHeld(async () => {
    await ledger.sweep()
    expect(await open()).toEqual(['sending', 'sending', 'sending'])
  })
  await Promise.all([ledger.sweep(), ledger.sweep(), ledger.sweep()])
  await ledger.sweep()
  expect(await open()).toEqual(['void', 'void', 'void'])
})

/** Runs `work` while another replica holds the lock; the embedded engine has no other. */
async function whileHeld(work: () => Promise<void>): Promise<void> {
  if (database.soleOpener) return
  const other = await database.openAgain()
  await other.db.transaction(async (tx: Db) => {
    expect(await trySweepLock(tx)).toBe(true)
    await work()
  })
  await other.close()
}
