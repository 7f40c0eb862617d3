import { and, type Column, desc, isNotNull, isNull, lt, ne, type SQL, sql } from 'drizzle-orm'
import { codeRequest, type Db } from '@/lib/db'
import { lookalikesOf } from './lookalikes'
import { type CodeRequest, isSameRecipient, type Subject, toCodeRequest, whereSubject } from './requests'

export interface CooldownLimits {
  cooldownSeconds: number
  cooldownRefusedSeconds: number
}

export interface LedgerView {
  /** The request a person goes on with: the newest that is neither refused nor over. */
  current: CodeRequest | null
  /**
   * The newest request, where its send or its use was refused within the last 24 hours, proved to have done nothing, or a
   * newer code of another subject took its place, or it ended without anybody knowing its outcome; or the one that was
   * discarded since.
   */
  refused: CodeRequest | null
  /** The newest request, where what it brought about within the last 24 hours is there no more. */
  undone: CodeRequest | null
  /** The code whose place the current request took, within the last 24 hours, where that went to somebody else. */
  replaced: CodeRequest | null
  /** Seconds until another send is allowed; 0 = now. */
  cooldownSeconds: number
  /** Accepted or unknown sends of the last 24 hours to this target, by this console. */
  sentToday: number
  /** Sends to the current request's recipient in a row, this one included. */
  sendNumber: number
}

/** What is left of a pause of so many seconds that began `age` ago, by whichever clock. */
export function cooldownLeft(seconds: number, age: number): number {
  return Math.max(0, Math.ceil(seconds - Math.max(0, age)))
}

/** However long a subject's history is, this reads four rows, counts those of one day and compares a hundred numbers. */
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
  // What the current code took the place of, as long as it is the last one before it.
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
  // What was discarded last. A send that was refused before that may be newer than it.
  const lastEnd = newest && (newest.row.settledAt ?? newest.row.startedAt)
  const discarded = rows.find(({ row }) => lastEnd && row.discardedAt && row.discardedAt >= lastEnd)
  const over =
    newest?.row.state === 'refused' ||
    ['refused', 'not_done', 'superseded', 'given_up', 'gone', 'unresolved'].includes(reason)
  const told = discarded ?? (over ? newest : undefined)
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
    refused: told?.today ? toRequest(told) : null,
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
 * The sends of the last 24 hours, and how long ago the latest one was answered. The recipient is the same by the number, or,
 * where Alibaba Cloud chooses it, by who that is: the CEN's owner, or the account itself.
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

/** Seconds since a request was answered, or since it began. */
function age(now: SQL, settledAt: Column, startedAt: Column) {
  return sql<number>`extract(epoch from ${now} - coalesce(${settledAt}, ${startedAt}))::float8`
}

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
