import { and, type Column, desc, isNotNull, isNull, lt, ne, type SQL, sql } from 'drizzle-orm'
import { codeRequest, type Db } from '@/lib/db'
import { lookalikesOf } from './lookalikes'
import { type CodeRequest, isSameRecipient, type Subject, toCodeRequest, whereSubject } from './requests'

export interface CooldownLimits {
  /** After a send that was accepted or has an unknown outcome. */
  cooldownSeconds: number
  /** After a refused send. */
  cooldownRefusedSeconds: number
}

export interface LedgerView {
  /** The request to continue with: the newest that is neither refused nor ended. */
  current: CodeRequest | null
  /**
   * What was not carried out, if it was started within the last 24 hours: the newest request, if its send or
   * its use was refused, it was proved to have had no effect, a code of another subject superseded it, or it
   * ended with an unknown outcome; or the request that was discarded since.
   */
  refused: CodeRequest | null
  /**
   * The newest request, if it was started within the last 24 hours and has ended as `undone`, without being
   * discarded.
   */
  undone: CodeRequest | null
  /**
   * The code that the current request superseded, if it was started within the last 24 hours and went to
   * another recipient.
   */
  replaced: CodeRequest | null
  /** Whole seconds until another send is allowed; 0 = now. */
  cooldownSeconds: number
  /** Accepted or unknown sends of the last 24 hours to this target, by this console. */
  sentToday: number
  /**
   * Sends of the last 24 hours for this target to the recipient of the current request, which is included;
   * refused ones are not.
   */
  sendNumber: number
}

/** Whole seconds left of a pause of `seconds` that began `age` seconds ago. */
export function cooldownLeft(seconds: number, age: number): number {
  return Math.max(0, Math.ceil(seconds - Math.max(0, age)))
}

/**
 * Reads the state of a subject. Takes no lock: a caller that writes based on it must already hold the
 * subject's lock, as `Core.change` does. However long the history is, this reads four rows, counts those of
 * one day and compares a hundred numbers.
 * @param now ledger time
 */
export async function readView(
  tx: Db,
  subject: Subject,
  limits: CooldownLimits,
  now: SQL,
): Promise<LedgerView> {
  const order = [desc(codeRequest.startedAt), desc(codeRequest.id)]
  const first = (where?: SQL, what: SQL = sql`${codeRequest.id}`) =>
    tx
      .select({ what })
      .from(codeRequest)
      .where(and(whereSubject(subject), where))
      .orderBy(...order)
      .limit(1)
  const goesOn = and(ne(codeRequest.state, 'refused'), isNull(codeRequest.voidReason))
  const discardedToday = and(
    isNotNull(codeRequest.discardedAt),
    sql`${codeRequest.startedAt} > ${now} - interval '24 hours'`,
  )
  // The last code before the current request: the one it superseded, if it superseded any.
  const before = and(
    codeRequest.requiresCode,
    ne(codeRequest.state, 'refused'),
    lt(codeRequest.startedAt, sql`(${first(goesOn, sql`${codeRequest.startedAt}`)})`),
  )
  const rows = await tx
    .select({
      row: codeRequest,
      age: age(now, codeRequest.settledAt, codeRequest.startedAt),
      ...distances(now),
      today: sql<boolean>`${codeRequest.startedAt} > ${now} - interval '24 hours'`,
    })
    .from(codeRequest)
    .where(sql`${codeRequest.id} = any(array[
      (${first()}), (${first(goesOn)}), (${first(discardedToday)}), (${first(before)})])`)
    .orderBy(...order)
  const [newest] = rows
  const current = rows.find(({ row }) => row.state !== 'refused' && row.voidReason === null)
  const counted = await countToday(tx, subject, current?.row ?? null, now)
  const reason = newest?.row.voidReason ?? ''
  // The request discarded since the newest one was settled (which a refused send may be).
  const lastEnd = newest && (newest.row.settledAt ?? newest.row.startedAt)
  const discarded = rows.find(({ row }) => lastEnd && row.discardedAt && row.discardedAt >= lastEnd)
  const over =
    newest?.row.state === 'refused' ||
    ['refused', 'not_done', 'superseded', 'given_up', 'gone', 'unresolved'].includes(reason)
  const shown = discarded ?? (over ? newest : undefined)
  const older = current && rows.find(({ row }) => row.requiresCode && row.startedAt < current.row.startedAt)
  const replaced =
    current?.row.requiresCode &&
    older?.row.voidReason === 'superseded' &&
    !isSameRecipient(recipientOf(older.row), recipientOf(current.row))
  const lookalikes = rows.some(({ row }) => row.numberFingerprint !== null)
    ? await lookalikesOf(tx, subject)
    : new Map<string, number>()
  const toRequest = (one: (typeof rows)[number]) => toCodeRequest(one.row, one, lookalikes)
  return {
    current: current ? toRequest(current) : null,
    refused: shown?.today ? toRequest(shown) : null,
    undone: newest && reason === 'undone' && !discarded && newest.today ? toRequest(newest) : null,
    replaced: replaced && older.today ? toRequest(older) : null,
    cooldownSeconds: Math.max(
      counted.age === null ? 0 : cooldownLeft(limits.cooldownSeconds, counted.age),
      newest?.row.state === 'refused' ? cooldownLeft(limits.cooldownRefusedSeconds, newest.age) : 0,
    ),
    sentToday: counted.sentToday,
    sendNumber: counted.sendNumber,
  }
}

type Row = typeof codeRequest.$inferSelect

function recipientOf({ numberFingerprint: fingerprint, intent }: Row) {
  return { fingerprint, intent }
}

/**
 * Counts the sends of the last 24 hours, and the seconds since the latest answer to one. Recipients are the
 * same if their number is, or, if Alibaba Cloud chooses the recipient, if the CEN's owner is (none = the
 * account itself).
 */
async function countToday(tx: Db, subject: Subject, current: Row | null, now: SQL) {
  const { state, intent, numberFingerprint, settledAt, startedAt } = codeRequest
  const answered = sql`${state} not in ('refused', 'sending')`
  const sameRecipient = sql`${current !== null} and ${numberFingerprint} is not distinct from ${current?.numberFingerprint ?? null}
    and ${intent}->>'ownerId' is not distinct from ${current?.intent.ownerId ?? null}`
  const [counted] = await tx
    .select({
      age: sql<number | null>`min(${age(now, settledAt, startedAt)}) filter (where ${answered})`,
      sentToday: sql<number>`(count(*) filter (where ${answered}))::int`,
      sendNumber: sql<number>`(count(*) filter (where ${state} <> 'refused' and ${sameRecipient}))::int`,
    })
    .from(codeRequest)
    .where(
      and(whereSubject(subject), codeRequest.requiresCode, sql`${startedAt} > ${now} - interval '24 hours'`),
    )
  return counted ?? { age: null, sentToday: 0, sendNumber: 0 }
}

/** Seconds since a request was answered or, without an answer, since it began. */
function age(now: SQL, settledAt: Column, startedAt: Column) {
  return sql<number>`extract(epoch from ${now} - coalesce(${settledAt}, ${startedAt}))::float8`
}

/**
 * Columns for `Distances`.
 * @param now ledger time
 */
export function distances(now: SQL) {
  return {
    secondsLeft: sql<number | null>`extract(epoch from ${codeRequest.expiresAt} - ${now})::float8`,
    secondsSinceReconciled: sql<
      number | null
    >`extract(epoch from ${now} - ${codeRequest.reconciledAt})::float8`,
    secondsSinceAsked: sql<
      number | null
    >`extract(epoch from ${now} - ${codeRequest.reconcileAskedAt})::float8`,
    secondsSinceApplyBegan: sql<
      number | null
    >`extract(epoch from ${now} - ${codeRequest.applyStartedAt})::float8`,
    secondsSinceApplied: sql<
      number | null
    >`extract(epoch from ${now} - ${codeRequest.applySettledAt})::float8`,
  }
}
