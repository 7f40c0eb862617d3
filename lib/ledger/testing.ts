import { randomBytes, randomUUID } from 'node:crypto'
import { createVault } from '@/lib/db'
import { openTestDatabase } from '@/lib/db/testing'
import { createLedger, type Ledger, type Subject } from './index'

export const limits = { cooldownSeconds: 60, cooldownRefusedSeconds: 5, settleSeconds: 60 }
export const wei = { operatorId: 'wei', operatorName: 'wei.tan' }
export const amira = { operatorId: 'amira', operatorName: 'amira.said' }
export const phone = { full: '65-91234567', masked: '+65-****4567' }
export const refusal = {
  code: 'cloud.refused',
  upstream: { product: 'ResourceManager', operation: 'Test', code: 'Some.Code' },
} as const

/** For tests only: a ledger on a database of its own, whose clock the test sets. */
export async function openTestLedger() {
  const database = await openTestDatabase()
  const vault = createVault(randomBytes(32))
  // Ledger time is the database's plus this, as with the sandbox's clock.
  const clock = { offset: 0 }
  const ledger: Ledger = createLedger(database.db, vault, limits, async () => clock.offset)

  async function send(subject: Subject, { intent = {}, number = phone as typeof phone | null } = {}) {
    const sending = { number, intent }
    const { id } = await ledger.beginSend(subject, { sending, operator: wei, knowingly: true })
    return id
  }

  async function sent(subject: Subject, what: Parameters<typeof send>[1] = {}) {
    const id = await send(subject, what)
    await ledger.settleSend(subject, id, { kind: 'accepted', requestId: `SEND-${id}`, expiresAt: null })
    return id
  }

  /** A look-up that begins and ends now. */
  async function lookUp(subject: Subject, result: 'done' | 'not_done') {
    const { lookUp } = await ledger.beginLookUp(subject)
    if (!lookUp) throw new Error('nothing to look up')
    await ledger.recordLookup(subject, lookUp, result)
  }

  return { database, db: database.db, vault, clock, ledger, send, sent, lookUp }
}

export function newMember(): Subject {
  return { accountId: '1111111111111111', operation: 'bind_phone', target: randomUUID() }
}

export function newNetwork(): Subject {
  return { accountId: '3333333333333333', operation: 'join_network', target: randomUUID() }
}
