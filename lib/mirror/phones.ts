import { and, eq, isNull, lte, or, sql } from 'drizzle-orm'
import { type Cloud, CloudError } from '@/lib/alicloud'
import { type Db, isAhead, member, type PhoneState } from '@/lib/db'
import { findMember, isMember, type MirrorMember } from './members'
import { type AskedAt, databaseNow, instantOf, storeMembers } from './refresh'

/** What one answer said of a member's phone; `unknown` where it left the phone out, `gone` where nobody has this id. */
export type PhoneAnswer = 'bound' | 'missing' | 'unknown' | 'gone'

/**
 * Reads one member from Alibaba Cloud into the mirror and tells what this answer said, not what an earlier one left
 * there. A member that is not there any more is marked gone.
 */
export async function fetchMember(
  db: Db,
  cloud: Cloud,
  accountId: string,
  memberId: string,
): Promise<{ phone: PhoneAnswer }> {
  const askedAt = await notePhoneAsked(db, accountId, memberId)
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

/** Before the call: an answer that tells nothing, or never comes, was asked for all the same. */
async function notePhoneAsked(db: Db, accountId: string, memberId: string): Promise<AskedAt> {
  const [known] = await db
    .update(member)
    .set({ phoneAskedAt: sql`now()` })
    .where(isMember(accountId, memberId))
    .returning({ now: databaseNow })
  if (known) return known.now
  const { rows } = await db.execute<{ now: AskedAt }>(sql`select ${databaseNow} as now`)
  return rows[0]?.now ?? ''
}

/** Looks the member up and returns its row, as the mirror now has it. */
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
 * Stores a phone status, unless the one that is there was asked for later.
 * @param askedAt left out for the answer of an act, which nothing asked for before it can contradict
 * @param secondsAgo when that answer came
 * @param masked the number, where this console knows which one was bound
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
  // A reading tells no number: as far as anybody knows, a later one found this.
  await db
    .update(member)
    .set({ phoneMasked: masked })
    .where(and(isMember(accountId, memberId), eq(member.phone, 'bound'), isNull(member.phoneMasked)))
}

/** Makes every phone status unread again, for a sandbox that was reset. */
export async function forgetPhones(db: Db): Promise<void> {
  await db.update(member).set({ phone: 'unread', phoneReadAt: null, phoneAskedAt: null, phoneMasked: null })
}
