import { and, eq, isNull, lte, or, sql } from 'drizzle-orm'
import { type Cloud, CloudError } from '@/lib/alicloud'
import { type Db, isAhead, member, type PhoneState } from '@/lib/db'
import { findMember, isMember, type MirrorMember } from './members'
import { type AskedAt, databaseNow, instantOf, storeMembers } from './refresh'

/** What one answer says about a member's phone. `unknown`: nothing. `gone`: no member has this id. */
export type PhoneAnswer = 'bound' | 'missing' | 'unknown' | 'gone'

/**
 * Reads one member from Alibaba Cloud into the mirror. A member that no longer exists is marked as gone.
 * @returns what this answer says, not what an earlier one has stored
 */
export async function fetchMember(
  db: Db,
  cloud: Cloud,
  accountId: string,
  memberId: string,
): Promise<{ phone: PhoneAnswer }> {
  const askedAt = await recordPhoneAsked(db, accountId, memberId)
  try {
    const { hasSecurePhone, ...facts } = await cloud.member(memberId)
    await storeMembers(db, accountId, [facts], { generation: 0, askedAt })
    if (hasSecurePhone === null) return { phone: 'unknown' }
    const phone = hasSecurePhone ? 'bound' : 'missing'
    await storePhone(db, accountId, memberId, { phone, askedAt })
    return { phone }
  } catch (error) {
    if (!(error instanceof CloudError) || error.code !== 'member.not_found') throw error
    await db
      .update(member)
      .set({ goneAt: sql`now()`, readAt: instantOf(askedAt) })
      .where(
        and(
          isMember(accountId, memberId),
          or(lte(member.readAt, instantOf(askedAt)), isAhead(member.readAt)),
        ),
      )
    return { phone: 'gone' }
  }
}

/**
 * Called before the request: an answer without the status, or none at all, still counts as asked.
 * @returns the time of asking
 */
async function recordPhoneAsked(db: Db, accountId: string, memberId: string): Promise<AskedAt> {
  const [known] = await db
    .update(member)
    .set({ phoneAskedAt: sql`now()` })
    .where(isMember(accountId, memberId))
    .returning({ now: databaseNow })
  if (known) return known.now
  const { rows } = await db.execute<{ now: AskedAt }>(sql`select ${databaseNow} as now`)
  return rows[0]?.now ?? ''
}

/**
 * Reads a member from Alibaba Cloud.
 * @returns its row as the mirror has it now, gone or not; null if there is none
 */
export async function readMember(
  db: Db,
  cloud: Cloud,
  accountId: string,
  memberId: string,
): Promise<MirrorMember | null> {
  await fetchMember(db, cloud, accountId, memberId)
  return findMember(db, accountId, memberId)
}

/**
 * Stores a phone status, also of a gone member, unless the stored one was asked for later.
 * @param askedAt left out for the answer to a bind: nothing asked for before it can contradict it
 * @param secondsAgo how long ago that answer came
 * @param masked the number, if this console knows which one was bound
 */
export async function storePhone(
  db: Db,
  accountId: string,
  memberId: string,
  {
    phone,
    askedAt,
    secondsAgo = 0,
    masked,
  }: { phone: PhoneState; askedAt?: AskedAt; secondsAgo?: number; masked?: string | undefined },
): Promise<void> {
  const at = askedAt === undefined ? sql`(now() - make_interval(secs => ${secondsAgo}))` : instantOf(askedAt)
  const [stored] = await db
    .update(member)
    .set({
      phone,
      phoneReadAt: at,
      ...(phone !== 'bound' ? { phoneMasked: null } : masked ? { phoneMasked: masked } : {}),
    })
    .where(
      and(
        isMember(accountId, memberId),
        or(isNull(member.phoneReadAt), lte(member.phoneReadAt, at), isAhead(member.phoneReadAt)),
      ),
    )
    .returning({ id: member.memberId })
  if (stored || !masked) return
  // A later read may have found the phone already. It returns no number; most likely it found this one.
  await db
    .update(member)
    .set({ phoneMasked: masked })
    .where(and(isMember(accountId, memberId), eq(member.phone, 'bound'), isNull(member.phoneMasked)))
}

/** Resets every phone status to unread, after a sandbox reset. */
export async function forgetPhones(db: Db): Promise<void> {
  await db.update(member).set({ phone: 'unread', phoneReadAt: null, phoneAskedAt: null, phoneMasked: null })
}
