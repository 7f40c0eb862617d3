import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { listAudit } from '@/lib/audit'
import { AppError } from '@/lib/contract/errors'
import { signOut } from '@/lib/contract/session'
import { type AuditNote, mutation } from './define'
import { startTestConsole, type TestConsole } from './testing'

// Much longer than the tests take, for busy machines.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let muster: TestConsole
beforeAll(async () => {
  muster = await startTestConsole()
})
afterAll(() => muster.close())

/** The closing audit row of a mutation that runs this. */
async function closingRow(run: (note: AuditNote) => void) {
  const change = mutation(signOut, {
    access: 'session',
    action: 'session.sign_out',
    async run(_ctx, _input, note) {
      run(note)
      return {}
    },
  })
  const actor = await muster.signedInAs('intl-admin')
  await change.run(actor, {}).catch(() => undefined)
  const { accountId } = actor
  const rows = await listAudit(muster.services.db, { accountId }, { limit: 500 })
  const own = rows.filter((row) => row.correlationId === actor.requestId && row.action === 'session.sign_out')
  expect(own.map(({ outcome }) => outcome)).toContain('started')
  const ends = own.filter(({ outcome }) => outcome !== 'started')
  expect(ends).toHaveLength(1)
  return ends[0]
}

test('a call that Alibaba Cloud accepted stays accepted if something fails here afterward', async () => {
  const row = await closingRow((note) => {
    note.outcome = 'accepted'
    note.upstreamRequestId = 'R-1'
    throw new Error('the database is gone')
  })
  expect(row).toMatchObject({ outcome: 'accepted', code: null, upstreamRequestId: 'R-1' })
})

test('a failure before an answer is recorded as failed, or as refused with its code', async () => {
  const failed = await closingRow(() => {
    throw new Error('the database is gone')
  })
  expect(failed).toMatchObject({ outcome: 'failed', code: 'internal', upstreamRequestId: null })
  const refused = await closingRow(() => {
    throw new AppError('send.in_progress')
  })
  expect(refused).toMatchObject({ outcome: 'refused', code: 'send.in_progress' })
})

test('a mutation that succeeds is recorded as accepted', async () => {
  expect(await closingRow(() => undefined)).toMatchObject({ outcome: 'accepted', code: null })
})
