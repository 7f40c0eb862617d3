import { desc, type SQL, sql } from 'drizzle-orm'
import { codeRequest, type Db } from '@/lib/db'
import { type CodeRequest, isSubject, type Subject, toCodeRequest } from './requests'

export interface CooldownLimits {
  cooldownSeconds: number
  cooldownRefusedSeconds: number
}

export interface LedgerView {
  /** The request a person goes on with: the newest that is neither refused nor over. */
  current: CodeRequest | null
  /**
   * The newest request, where its send or its use was refused within the last 24 hours, proved to have done nothing, or a
   * newer code of another subject took its place, it was discarded, or it ended without anybody knowing its outcome.
   */
  refused: CodeRequest | null
  /** The newest request, where what it brought about within the last 24 hours is there no more. */
  undone: CodeRequest | null
  /** Seconds until another send is allowed; 0 = now. */
  cooldownSeconds: number
  /** Accepted or unknown sends of the last 24 hours to this target, by this console. */
  sentToday: number
  /** Sends to the current request's recipient in a row, this one included. */
  sendNumber: number
}

export async function readView(
  tx: Db,
  subject: Subject,
  limits: CooldownLimits,
  now: SQL,
): Promise<LedgerView> {
  const rows = await tx
    .select({
      row: codeRequest,
      age: sql`extract(epoch from ${now} - coalesce(${codeRequest.settledAt}, ${codeRequest.startedAt}))`.mapWith(
        Number,
      ),
      ...distances(now),
      today: sql<boolean>`${codeRequest.startedAt} > ${now} - interval '24 hours'`,
    })
    .from(codeRequest)
    .where(isSubject(subject))
    .orderBy(desc(codeRequest.startedAt), desc(codeRequest.id))
    .limit(200)
  const [newest] = rows
  const current = rows.find(({ row }) => row.state !== 'refused' && row.voidReason === null)
  const counted = rows.filter(({ row }) => row.coded && row.state !== 'refused' && row.state !== 'sending')
  const [accepted] = counted
  const waits = [
    accepted ? limits.cooldownSeconds - Math.max(0, accepted.age) : 0,
    newest?.row.state === 'refused' ? limits.cooldownRefusedSeconds - Math.max(0, newest.age) : 0,
  ]
  const reason = newest?.row.voidReason ?? ''
  const discarded = newest !== undefined && newest.row.discardedBy !== null
  const sends = rows.filter(
    ({ row }) => row.coded && row.state !== 'refused' && sameRecipient(row, current?.row),
  )
  const over =
    discarded ||
    newest?.row.state === 'refused' ||
    ['refused', 'not_done', 'superseded', 'given_up', 'gone', 'unresolved'].includes(reason)
  return {
    current: current ? toCodeRequest(current.row, current) : null,
    refused: newest && over && newest.today ? toCodeRequest(newest.row, newest) : null,
    undone:
      newest && reason === 'undone' && !discarded && newest.today ? toCodeRequest(newest.row, newest) : null,
    cooldownSeconds: Math.max(0, Math.ceil(Math.max(...waits))),
    sentToday: counted.filter(({ today }) => today).length,
    sendNumber: sends.filter(({ today }) => today).length,
  }
}

type Row = typeof codeRequest.$inferSelect

/** By the number, or, where Alibaba Cloud chooses the recipient, by who that is: the CEN's owner, or the account itself. */
function sameRecipient(row: Row, current: Row | undefined): boolean {
  return (
    row.numberFingerprint === current?.numberFingerprint && row.intent.ownerId === current?.intent.ownerId
  )
}

export function distances(now: SQL) {
  return {
    secondsLeft: sql<number | null>`extract(epoch from ${codeRequest.expiresAt} - ${now})::float8`,
    secondsSinceLookUp: sql<number | null>`extract(epoch from ${now} - ${codeRequest.lookedUpAt})::float8`,
    secondsSinceAsked: sql<number | null>`extract(epoch from ${now} - ${codeRequest.lookupAskedAt})::float8`,
    secondsSinceApplyBegan: sql<
      number | null
    >`extract(epoch from ${now} - ${codeRequest.applyStartedAt})::float8`,
    secondsSinceApplied: sql<
      number | null
    >`extract(epoch from ${now} - ${codeRequest.applySettledAt})::float8`,
  }
}
