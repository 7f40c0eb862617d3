import { type AuditEntry, appendAudit, appendClosing } from '@/lib/audit'
import type { Db, Vault } from '@/lib/db'
import type { ApplyOutcome, Ledger, Noted, SendOutcome, Subject } from '@/lib/ledger'
import { storePhone } from '@/lib/mirror'
import { createSpool, type Spool, type SpoolOptions } from '@/lib/spool'

/** The outcome of a change. Never contains a phone number or a code. */
export interface Outcome {
  /** When the answer arrived, in milliseconds since 1970. Cool-down and expiry are counted from it. */
  answeredAt: number
  /** The ledger request that Alibaba Cloud answered. */
  settle?: { subject: Subject; id: string } & (
    | { kind: 'send'; outcome: SendOutcome }
    | { kind: 'use'; attempt: number; outcome: ApplyOutcome }
  )
  /** The closing audit row, written in the same transaction. */
  audit: AuditEntry
}

export interface Settled {
  attemptsLeft: number
}

export type Outcomes = Spool<Outcome, Settled | null>

/** Records outcomes, immediately or as soon as the database is back. See `docs/decisions`, 015. */
export function createOutcomes({
  db,
  ledger,
  ...options
}: { db: Db; ledger: Ledger; vault: Vault } & Pick<
  SpoolOptions<Outcome, Settled | null>,
  'dataDir' | 'report'
>): Outcomes {
  return createSpool({
    ...options,
    async deliver({ answeredAt, settle, audit }, again) {
      const close = again
        ? (tx: Db) => appendClosing(tx, late(audit, answeredAt))
        : async (tx: Db) => void (await appendAudit(tx, audit))
      if (!settle) {
        await db.transaction(close)
        return null
      }
      const { subject, id } = settle
      const noting = {
        secondsAgo: Math.max(0, (Date.now() - answeredAt) / 1000),
        async also(tx: Db, noted: Noted | null) {
          if (noted && settle.kind === 'use')
            await mirrorBind(tx, subject, settle.outcome, noted, noting.secondsAgo)
          await close(tx)
        },
      }
      if (settle.kind === 'use')
        return ledger.settleApply(subject, id, settle.attempt, settle.outcome, noting)
      await ledger.settleSend(subject, id, dated(settle.outcome), noting)
      return null
    },
  })
}

/** Updates the member list together with the ledger, unless a phone status was requested after the bind was answered. */
async function mirrorBind(
  tx: Db,
  subject: Subject,
  { kind }: ApplyOutcome,
  { numberMasked }: Noted,
  secondsAgo: number,
) {
  if (subject.operation !== 'bind_phone' || kind !== 'accepted') return
  const masked = numberMasked ?? undefined
  await storePhone(tx, subject.accountId, subject.target, { phone: 'bound', masked, secondsAgo })
}

/** Adds the time of the answer, since the time of an audit row is when it was written. */
function late(audit: AuditEntry, answeredAt: number): AuditEntry {
  return { ...audit, detail: { ...audit.detail, answeredAt: new Date(answeredAt).toISOString() } }
}

/** Parses the date, which is text in a record read from the spool file. */
function dated(outcome: SendOutcome): SendOutcome {
  if (outcome.kind !== 'accepted' || outcome.expiresAt === null) return outcome
  return { ...outcome, expiresAt: new Date(outcome.expiresAt) }
}
