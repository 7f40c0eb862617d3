import { and, count, eq, gt, lte, sql } from 'drizzle-orm'
import { type Db, signinFailure, type Vault } from '@/lib/db'

// A key id alone never locks: whoever knows an administrator's key id could keep them out otherwise.
const perKeyAndAddress = 10
const perAddress = 30
const windowMinutes = 15

export interface SigninAttempt {
  accessKeyId: string
  address: string
}

/** Whether this address has failed too often, with this key or with any. Counts failures only. */
export async function tooManyFailures(db: Db, vault: Vault, attempt: SigninAttempt): Promise<boolean> {
  const key = fingerprint(vault, attempt)
  const [row] = await db
    .select({
      all: count(),
      withKey: sql<number>`count(*) filter (where ${signinFailure.keyFingerprint} = ${key})`.mapWith(Number),
    })
    .from(signinFailure)
    .where(and(eq(signinFailure.address, attempt.address), gt(signinFailure.at, windowStart)))
  return (row?.all ?? 0) >= perAddress || (row?.withKey ?? 0) >= perKeyAndAddress
}

export async function recordFailure(db: Db, vault: Vault, attempt: SigninAttempt): Promise<void> {
  await db.delete(signinFailure).where(lte(signinFailure.at, windowStart))
  await db
    .insert(signinFailure)
    .values({ keyFingerprint: fingerprint(vault, attempt), address: attempt.address })
}

const windowStart = sql`now() - make_interval(mins => ${windowMinutes})`

function fingerprint(vault: Vault, attempt: SigninAttempt): string {
  return vault.fingerprint(attempt.accessKeyId, 'signin-failure')
}
