import { desc, sql } from 'drizzle-orm'
import { codeRequest, type Db } from '@/lib/db'
import { type Lookalikes, type Subject, whereSubject } from './requests'

/** How many of a subject's newest requests are compared: as many as its page shows. */
const among = 100

/**
 * Numbers of one subject that look the same when masked. A number whose mask is unique is left out: the mask
 * identifies it.
 */
export async function lookalikesOf(tx: Db, subject: Subject): Promise<Lookalikes> {
  const { numberMasked: masked, numberFingerprint: fingerprint, startedAt } = codeRequest
  const newest = tx
    .select({ masked, fingerprint, startedAt })
    .from(codeRequest)
    .where(whereSubject(subject))
    .orderBy(desc(startedAt), desc(codeRequest.id))
    .limit(among)
    .as('newest')
  const numbers = await tx
    .select({ masked: newest.masked, fingerprint: newest.fingerprint })
    .from(newest)
    .where(sql`${newest.masked} is not null and ${newest.fingerprint} is not null`)
    .groupBy(newest.masked, newest.fingerprint)
    .orderBy(sql`min(${newest.startedAt})`)
  const byMask = new Map<string, string[]>()
  for (const { masked, fingerprint } of numbers) {
    if (masked && fingerprint) byMask.set(masked, [...(byMask.get(masked) ?? []), fingerprint])
  }
  const alike = [...byMask.values()].filter((fingerprints) => fingerprints.length > 1)
  return new Map(alike.flatMap((fingerprints) => fingerprints.map((one, index) => [one, index + 1])))
}
