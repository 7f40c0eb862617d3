import { and, count, eq, gt, lte, sql } from 'drizzle-orm'
import { type Db, signinFailure, type Vault } from '@/lib/db'

// A key id alone never locks: whoever knows an administrator's key id could keep them out otherwise.
const perKeyAndAddress = 10
const perAddress = 30
export const windowMinutes = 15

export interface SigninAttempt {
  accessKeyId: string
  address: string
}

/**
 * Counts an attempt as failed before it is made, so that guesses made at once do not all pass; `forgetAttempt` takes it
 * back once it turns out to be no wrong guess. Null when this address has failed too often, with this key or with any.
 */
export async function countAttempt(db: Db, vault: Vault, attempt: SigninAttempt): Promise<number | null> {
  const { address } = attempt
  const keyFingerprint = fingerprint(vault, attempt)
  return db.transaction(async (tx) => {
    const lock = `sign-in/${address}`
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`)
    const [row] = await tx
      .select({
        all: count(),
        withKey:
          sql<number>`count(*) filter (where ${signinFailure.keyFingerprint} = ${keyFingerprint})`.mapWith(
            Number,
          ),
      })
      .from(signinFailure)
      .where(and(eq(signinFailure.address, address), gt(signinFailure.at, windowStart)))
    if (row && (row.all >= perAddress || row.withKey >= perKeyAndAddress)) return null
    const [added] = await tx
      .insert(signinFailure)
      .values({ keyFingerprint, address })
      .returning({ id: signinFailure.id })
    return added?.id ?? null
  })
}

export async function forgetAttempt(db: Db, id: number): Promise<void> {
  await db.delete(signinFailure).where(eq(signinFailure.id, id))
}

/** Removes attempts that count no longer. */
export async function sweepAttempts(db: Db): Promise<void> {
  await db.delete(signinFailure).where(lte(signinFailure.at, windowStart))
}

const windowStart = sql`now() - make_interval(mins => ${windowMinutes})`

function fingerprint(vault: Vault, attempt: SigninAttempt): string {
  return vault.fingerprint(attempt.accessKeyId, 'signin-failure')
}
