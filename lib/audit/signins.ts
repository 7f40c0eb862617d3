import { lt, sql } from 'drizzle-orm'
import { type AuditOutcome, audit, type Db, signinTally } from '../db/index.ts'
import { appendAudit } from './audit.ts'

const networksMax = 10

export interface RefusedSignIn {
  /** Null if the account is unknown, or not one that uses this console. */
  accountId: string | null
  outcome: AuditOutcome
  /** From a closed list, since each code gets one row per hour. */
  code: string
  network: string
}

/**
 * Counts a failed sign-in. Anyone can cause these and the audit is append-only: they get one row per hour, account, outcome
 * and code.
 */
export async function tallySignIn(
  db: Db,
  { accountId, outcome, code, network }: RefusedSignIn,
): Promise<void> {
  const { networks, moreNetworks, count, lastAt } = signinTally
  const one = sql`jsonb_build_array(${network}::text)`
  const isNew = sql`not ${networks} @> ${one}`
  const isFull = sql`jsonb_array_length(${networks}) >= ${networksMax}`
  await db
    .insert(signinTally)
    .values({
      hour: thisHour,
      accountId: accountId ?? '',
      outcome,
      code,
      count: 1,
      firstAt: sql`now()`,
      lastAt: sql`now()`,
      networks: one,
    })
    .onConflictDoUpdate({
      target: [signinTally.hour, signinTally.accountId, signinTally.outcome, signinTally.code],
      set: {
        count: sql`${count} + 1`,
        lastAt: sql`greatest(${lastAt}, now())`,
        networks: sql`case when ${isNew} and not ${isFull} then ${networks} || ${one} else ${networks} end`,
        moreNetworks: sql`${moreNetworks} or (${isNew} and ${isFull})`,
      },
    })
}

/** Writes an audit row for each count of a past hour. */
export async function auditTalliedSignIns(db: Db): Promise<void> {
  await db.transaction(async (tx) => {
    const over = await tx.delete(signinTally).where(lt(signinTally.hour, thisHour)).returning()
    for (const { accountId, outcome, code, ...tally } of over) {
      await appendAudit(tx, {
        accountId: accountId || null,
        operatorId: null,
        operatorName: null,
        method: null,
        address: null,
        action: 'session.sign_in',
        target: null,
        outcome,
        code,
        correlationId: `sign-ins/${tally.hour.toISOString()}`,
        detail: {
          count: tally.count,
          firstAt: tally.firstAt.toISOString(),
          lastAt: tally.lastAt.toISOString(),
          networks: tally.networks,
          moreNetworks: tally.moreNetworks,
        },
      })
    }
  })
}

/** Whether the audit has any row of an account, as it does once someone has signed in from it. */
export async function isAudited(db: Db, accountId: string): Promise<boolean> {
  const rows = await db
    .select({ id: audit.id })
    .from(audit)
    .where(sql`${audit.accountId} = ${accountId}`)
    .limit(1)
  return rows.length > 0
}

/** In UTC, since time zones with half-hour offsets would split the hour. */
const thisHour = sql`date_trunc('hour', now(), 'UTC')`
