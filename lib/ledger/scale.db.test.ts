import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createVault } from '@/lib/db'
import { openTestDatabase } from '@/lib/db/testing'
import { createLedger, type Ledger, type Subject } from './index'
import { limits, phone, refusal, wei } from './testing'

// The cost of a statement is counted in rows that its plan reads, since times mean nothing on a busy machine.

const open = 20_000
const networks = 5_000
const accountId = '1111111111111111'
const cen = { act: 'attach', cenId: 'cen-shared', ownerId: '9134520068812347' }

let database: Awaited<ReturnType<typeof openTestDatabase>>
let ledger: Ledger
let offset = 0
let statements: { text: string; params: unknown[] }[] = []

beforeAll(async () => {
  database = await openTestDatabase()
  const db = database.watched((text, params) => {
    statements.push({ text, params })
  })
  ledger = createLedger(db, createVault(randomBytes(32)), limits, async () => offset)
  // Every member of a large directory has an open code, and many networks of one CEN had one.
  const columns = sql`account_id, operation, target, state, void_reason, intent, number_sealed, number_masked,
    number_fingerprint, operator_id, operator_name, started_at, settled_at`
  const began = sql`now() - interval '1 hour' - n * interval '1 millisecond'`
  await database.db.execute(sql`insert into code_request (${columns})
    select ${accountId}, 'bind_phone', 'member-' || n, 'sent', null, '{}', 'sealed', 'masked', 'print-' || n, 'wei', 'wei',
      ${began}, ${began} from generate_series(1, ${open}::int) as n`)
  await database.db.execute(sql`insert into code_request (${columns})
    select ${accountId}, 'join_network', 'network-' || n, 'void', 'superseded', ${JSON.stringify(cen)}::jsonb, null, null,
      null, 'wei', 'wei', ${began}, ${began} from generate_series(1, ${networks}::int) as n`)
  await database.db.execute(sql`analyze code_request`)
  // So many rows and indexes take long on a busy machine.
}, 300_000)
afterAll(() => database.close())

interface Plan {
  Plans?: Plan[]
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
}

function rowsRead(plan: Plan): number {
  const below = (plan.Plans ?? []).reduce((sum, one) => sum + rowsRead(one), 0)
  if (plan['Relation Name'] !== 'code_request' || plan['Node Type'] === 'ModifyTable') return below
  const removed = (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0)
  return below + (plan['Actual Rows'] + removed) * plan['Actual Loops']
}

/**
 * The cost of the statements of `work`, measured afterwards by the database without leaving a trace.
 * @param restore brings back what `work` started from
 */
async function costOf(
  work: () => Promise<unknown>,
  restore?: () => Promise<unknown>,
): Promise<{ rows: number; statements: number }> {
  statements = []
  await work()
  const made = statements.filter(({ text }) => /code_request/.test(text) && !/^insert/.test(text))
  await restore?.()
  let rows = 0
  for (const { text, params } of made) rows += rowsRead(await planOf(text, params))
  return { rows, statements: made.length }
}

async function planOf(text: string, params: unknown[]): Promise<Plan> {
  const explained = sql.join(
    `explain (analyze, format json) ${text}`
      .split(/\$(\d+)/)
      .map((part, n) => (n % 2 === 0 ? sql.raw(part) : sql`${params[Number(part) - 1]}`)),
  )
  const undo = new Error('undo')
  let plan: Plan | undefined
  await database.db
    .transaction(async (tx) => {
      const { rows } = await tx.execute<{ 'QUERY PLAN': [{ Plan: Plan }] }>(explained)
      plan = rows[0]?.['QUERY PLAN'][0].Plan
      throw undo
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error
    })
  if (!plan) throw new Error('no plan')
  return plan
}

const member = (n: number): Subject => ({ accountId, operation: 'bind_phone', target: `member-${n}` })
const sending = { number: phone, intent: {} }

test('a send, its use and its reconciliation read a handful of rows among 20,000 open requests', async () => {
  const subject = member(7)
  let id = ''
  let attempt = 0
  const steps: Record<string, () => Promise<unknown>> = {
    begin: async () => {
      id = (await ledger.beginSend(subject, { sending, operator: wei, confirmResend: true })).id
    },
    accepted: () => ledger.settleSend(subject, id, { kind: 'accepted', requestId: 'R', expiresAt: null }),
    view: () => ledger.view(subject),
    list: () => ledger.list(subject, 100),
    use: async () => {
      attempt = (await ledger.beginApply(subject, id, wei)).attempt
    },
    unknown: () => ledger.settleApply(subject, id, attempt, { kind: 'unknown', error: refusal }),
    reconcile: async () => {
      offset += 61
      const { reconcile } = await ledger.beginReconciliation(subject)
      if (reconcile) await ledger.recordReconciliation(subject, reconcile, 'not_done')
    },
    'who else has this number': () => ledger.otherTargets(member(8), phone.full),
    'a page of the list': () =>
      ledger.openTargets(
        subject,
        Array.from({ length: 50 }, (_, n) => member(n).target),
      ),
  }
  for (const [name, step] of Object.entries(steps)) {
    const cost = await costOf(step)
    expect({ name, few: cost.rows < 150, cost }).toMatchObject({ name, few: true })
  }
})

test('open targets are read by their index, however many requests have ended', async () => {
  // A separate account: a few open requests among many ended ones.
  const few = 3
  const over = 5_000
  const other = '2222222222222222'
  const columns = sql`account_id, operation, target, state, void_reason, operator_id, operator_name, expires_at`
  await database.db.execute(sql`insert into code_request (${columns})
    select ${other}, 'bind_phone', 'member-' || n, case when n <= ${few}::int then 'sent' else 'void' end,
      case when n <= ${few}::int then null else 'too_old' end, 'wei', 'wei', now() + interval '1 hour'
    from generate_series(1, ${over}::int) as n`)
  await database.db.execute(sql`analyze code_request`)
  const open = async () => {
    const targets = await ledger.targetsOpenAs(
      { accountId: other, operation: 'bind_phone' },
      'outcome_unknown',
    )
    const db = database.watched((text, params) => void statements.push({ text, params }))
    return (await db.execute(targets)).rows
  }
  const cost = await costOf(open)
  // They have no RequestId: it is unknown whether these were sent.
  expect(await open()).toHaveLength(few)
  expect(cost.rows).toBeLessThan(20)
})

test('a send without an answer ends with as few, when its subject is viewed', async () => {
  const { id } = await ledger.beginSend(member(11), { sending, operator: wei, confirmResend: true })
  offset += 61
  const cost = await costOf(() => ledger.view(member(11)))
  expect((await ledger.view(member(11))).current).toMatchObject({ id, state: 'unknown' })
  expect(cost.rows).toBeLessThan(100)
})

test('a sweep with nothing to do reads next to nothing', async () => {
  await ledger.sweep()
  expect((await costOf(() => ledger.sweep())).rows).toBeLessThan(100)
})

test('another code for a CEN that 5,000 networks have had codes for reads each of them a few times at most', async () => {
  const subject: Subject = { accountId, operation: 'join_network', target: randomUUID() }
  const number = { number: null, intent: cen }
  let id = ''
  const begin = await costOf(async () => {
    id = (await ledger.beginSend(subject, { sending: number, operator: wei, confirmResend: true })).id
  })
  // The newest of its scope comes from the index; those of the last day are searched for times in the future.
  expect(begin.rows).toBeLessThan(2 * networks + 100)
  const accepted = await costOf(() =>
    ledger.settleSend(subject, id, { kind: 'accepted', requestId: 'R', expiresAt: null }),
  )
  expect(accepted.rows).toBeLessThan(3 * networks + 100)
})

test('20,000 sends left by a killed process are ended in batches of a few statements, each row read a few times', async () => {
  const kill = () =>
    database.db.execute(
      sql`update code_request set state = 'sending' where operation = 'bind_phone' and state in ('sent', 'unknown')`,
    )
  await kill()
  // Now the planner believes that no request is waiting.
  await database.db.execute(sql`analyze code_request`)
  const cost = await costOf(() => ledger.settleInterrupted(), kill)
  expect(cost.statements).toBeLessThan(50)
  expect(cost.rows).toBeGreaterThan(open)
  expect(cost.rows).toBeLessThan(20 * open)
  await ledger.settleInterrupted()
  const { rows } = await database.db.execute<{ n: number }>(
    sql`select count(*)::int as n from code_request where state = 'sending'`,
  )
  expect(rows[0]?.n).toBe(0)
}, 300_000)
