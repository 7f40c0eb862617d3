import { randomBytes, randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { expect } from 'vitest'
import { codeRequest, createVault } from '@/lib/db'
import { openTestDatabase } from '@/lib/db/testing'
import { createLedger, type Ledger, type Subject } from './index'

export const limits = { cooldownSeconds: 60, cooldownRefusedSeconds: 5, inFlightTimeoutSeconds: 60 }
export const wei = { operatorId: 'wei', operatorName: 'wei.tan' }
export const amira = { operatorId: 'amira', operatorName: 'amira.said' }
export const phone = { full: '65-91234567', masked: '+65-****4567' }
export const refusal = {
  code: 'cloud.refused',
  upstream: { product: 'ResourceManager', operation: 'Test', code: 'Some.Code' },
} as const

/** Matches the rest of a cool-down, of which a busy machine sees less. */
export const upTo = (most: number): number =>
  expect.toSatisfy((left: number) => left > 0 && left <= most, `1 to ${most}`) as unknown as number

/**
 * For tests only: a ledger with its own database and a clock that the test sets.
 * @param codeSeconds how long its codes are valid; null = unknown
 */
export async function openTestLedger({ codeSeconds = null as number | null } = {}) {
  const database = await openTestDatabase()
  const vault = createVault(randomBytes(32))
  // Seconds added to the database's time, like the sandbox's clock offset.
  const clock = { offset: 0 }
  const ledger: Ledger = createLedger(database.db, vault, limits, async () => clock.offset)

  async function send(
    subject: Subject,
    { intent = {}, number = phone as typeof phone | null, operator = wei, confirmResend = false } = {},
  ) {
    const sending = { number, intent }
    const { id } = await ledger.beginSend(subject, { sending, operator, confirmResend })
    return id
  }

  async function sent(
    subject: Subject,
    {
      codeSeconds: life = codeSeconds,
      ...what
    }: Parameters<typeof send>[1] & { codeSeconds?: number | null } = {},
  ) {
    const id = await send(subject, what)
    const expiresAt = life === null ? null : new Date(Date.now() + (clock.offset + life) * 1000)
    await ledger.settleSend(subject, id, { kind: 'accepted', requestId: `SEND-${id}`, expiresAt })
    return id
  }

  async function attemptOf(subject: Subject): Promise<number> {
    return (await ledger.view(subject)).current?.attempt ?? 0
  }

  async function rowOf(id: string) {
    const [row] = await database.db.select().from(codeRequest).where(eq(codeRequest.id, id))
    if (!row) throw new Error('no such row')
    return row
  }

  /** A reconciliation that begins and ends now. */
  async function reconcile(subject: Subject, result: 'done' | 'not_done') {
    const { reconcile } = await ledger.beginReconciliation(subject)
    if (!reconcile) throw new Error('nothing to reconcile')
    await ledger.recordReconciliation(subject, reconcile, result)
  }

  return { database, db: database.db, vault, clock, ledger, send, sent, reconcile, attemptOf, rowOf }
}

export function newMember(): Subject {
  return { accountId: '1111111111111111', operation: 'bind_phone', target: randomUUID() }
}

export function newNetwork(): Subject {
  return { accountId: '3333333333333333', operation: 'join_network', target: randomUUID() }
}
