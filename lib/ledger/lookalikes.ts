import { desc, sql } from 'drizzle-orm'
import { codeRequest, type Db } from '@/lib/db'
import { type Lookalikes, type Subject, whereSubject } from './requests'

/** So many of a subject's newest requests are looked through: as many as its page shows. */
const among = 100

/**
 * Numbers of one subject that a reader of masks would take for the same one. A number whose mask no other has is left out:
 * then the mask alone tells.
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
