import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { type AnyColumn, and, desc, eq, inArray, ne, not, type SQL, sql } from 'drizzle-orm'
import type { Site } from '@/lib/contract/site'
import { type Db, ignoringFullStorage, isAhead, session, type Vault } from '@/lib/db'

/** The credentials that sign the calls of the session. */
export interface SessionCredentials {
  accessKeyId: string
  accessKeySecret: string
  securityToken?: string
}

export interface Session {
  id: string
  site: Site
  /** The management account, or the account that has no directory yet. */
  accountId: string
  directoryId: string | null
  operatorId: string
  operatorName: string
  arn: string
  /** The ARN of the RAM user, proved by its long-term key; null for a session with temporary credentials from elsewhere. */
  userArn: string | null
  method: (typeof session.$inferSelect)['method']
  roleArn: string | null
  credentials: SessionCredentials
  address: string
  createdAt: Date
  endsAt: Date
  /** Whether ListAccounts succeeded with this operator's own credentials within the last five minutes. */
  mayList: boolean
  /** By the clock of the database, which all replicas share. */
  secondsLeft: {
    /** Until the session ends for inactivity; any request made by a person resets this. */
    idle: number
    /** Until the absolute end of the session, which never moves. */
    end: number
  }
}

export interface SessionLimits {
  idleMinutes: number
  /** The accounts that may sign in; sessions of any other account have ended. Null = any. */
  accounts: readonly string[] | null
}

export function sessionLimits(config: {
  sessionIdleMinutes: number
  accounts: readonly string[] | null
}): SessionLimits {
  return { idleMinutes: config.sessionIdleMinutes, accounts: config.accounts }
}

export type NewSession = Omit<Session, 'id' | 'createdAt' | 'mayList' | 'secondsLeft'> & { userAgent: string }

/**
 * Stores a session and returns its token: 256 random bits, of which only the hash is stored.
 * @param replaced the previous token of the browser. Its session ends, since no one could sign it out any longer
 */
export async function startSession(
  db: Db,
  vault: Vault,
  input: NewSession,
  replaced?: string,
): Promise<{ id: string; token: string }> {
  const id = randomUUID()
  const token = randomBytes(32).toString('base64url')
  const { credentials, ...plain } = input
  await db.transaction(async (tx) => {
    if (replaced) await tx.delete(session).where(eq(session.tokenHash, hash(replaced)))
    await tx.insert(session).values({
      ...plain,
      id,
      tokenHash: hash(token),
      credentials: vault.seal(JSON.stringify(credentials), id),
    })
  })
  return { id, token }
}

/**
 * The session of a token; null if there is none, it was idle for too long, or it has ended.
 * @param extend false for polling, which must not keep a session alive
 */
export async function findSession(
  db: Db,
  vault: Vault,
  token: string,
  limits: SessionLimits,
  extend: boolean,
): Promise<Session | null> {
  const [row] = await db
    .select({
      kept: {
        id: session.id,
        site: session.site,
        accountId: session.accountId,
        directoryId: session.directoryId,
        operatorId: session.operatorId,
        operatorName: session.operatorName,
        arn: session.arn,
        userArn: session.userArn,
        method: session.method,
        roleArn: session.roleArn,
        credentials: session.credentials,
        address: session.address,
        createdAt: session.createdAt,
        endsAt: session.endsAt,
      },
      // Bounded on both sides, so that a clock that was set back does not extend it.
      mayList: sql<boolean>`coalesce(${session.mayListUntil} > now() and ${session.mayListUntil} <= now() + interval '5 minutes', false)`,
      idleFor: secondsSince(session.lastSeenAt),
      endedFor: secondsSince(session.endsAt),
    })
    .from(session)
    .where(and(eq(session.tokenHash, hash(token)), alive(limits)))
  if (!row) return null
  const { kept, mayList, idleFor, endedFor } = row
  // Once a minute is precise enough, and saves a write on most reads.
  const seen = extend && (idleFor >= 60 || idleFor < 0)
  if (seen) {
    const touched = db.update(session).set({ lastSeenAt: sql`now()` }).where(eq(session.id, kept.id))
    await ignoringFullStorage(touched)
  }
  const credentials: SessionCredentials = JSON.parse(vault.open(kept.credentials, kept.id))
  return {
    ...kept,
    credentials,
    mayList,
    secondsLeft: { idle: limits.idleMinutes * 60 - (seen ? 0 : Math.max(0, idleFor)), end: -endedFor },
  }
}

/** Records that ListAccounts just succeeded with the operator's own credentials. Valid for five minutes. */
export async function rememberMayList(db: Db, id: string): Promise<void> {
  await db.update(session).set({ mayListUntil: sql`now() + interval '5 minutes'` }).where(eq(session.id, id))
}

export async function changeSessionSite(db: Db, id: string, site: Site): Promise<void> {
  await db.update(session).set({ site }).where(eq(session.id, id))
}

/** @returns false if it had already ended */
export async function endSession(db: Db, id: string): Promise<boolean> {
  const ended = await db.delete(session).where(eq(session.id, id)).returning({ id: session.id })
  return ended.length > 0
}

/** Ends all sessions of one person, in every browser; for a role session from elsewhere, only that one. */
export async function endAllSessions(db: Db, owner: Owner): Promise<void> {
  await db.delete(session).where(ownedBy(owner))
}

/** Ends all sessions of an account. @returns how many there were */
export async function endAccountSessions(db: Db, accountId: string): Promise<number> {
  const ended = await db.delete(session).where(eq(session.accountId, accountId)).returning({ id: session.id })
  return ended.length
}

/**
 * Updates the directory of all sessions of an account; null = none. If it has changed, ListAccounts must succeed again with
 * each operator's own credentials before the directory is shown.
 * @returns how many sessions had a different one
 */
export async function adoptDirectory(db: Db, accountId: string, directoryId: string | null): Promise<number> {
  const adopted = await db
    .update(session)
    .set({ directoryId, mayListUntil: null })
    .where(and(eq(session.accountId, accountId), sql`${session.directoryId} is distinct from ${directoryId}`))
    .returning({ id: session.id })
  return adopted.length
}

export interface SessionSummary {
  id: string
  address: string
  userAgent: string
  method: Session['method']
  createdAt: Date
  lastSeenAt: Date
  endsAt: Date
}

export async function listSessions(db: Db, owner: Owner, limits: SessionLimits): Promise<SessionSummary[]> {
  return db
    .select({
      id: session.id,
      address: session.address,
      userAgent: session.userAgent,
      method: session.method,
      createdAt: session.createdAt,
      lastSeenAt: session.lastSeenAt,
      endsAt: session.endsAt,
    })
    .from(session)
    .where(and(ownedBy(owner), alive(limits)))
    .orderBy(desc(session.lastSeenAt))
    .limit(100)
}

/**
 * Deletes ended sessions together with their sealed credentials. Sessions last seen in the future, after the clock was set
 * back, count as seen now: they could be idle for longer than allowed otherwise.
 */
export async function sweepSessions(db: Db, limits: SessionLimits): Promise<void> {
  await db.update(session).set({ lastSeenAt: sql`now()` }).where(isAhead(session.lastSeenAt))
  await db.delete(session).where(not(alive(limits)))
}

type Owner = Pick<Session, 'id' | 'accountId' | 'operatorId' | 'method'>

/** The person who assumes a role chooses the session name, so two role sessions with the same name may be different people. */
function ownedBy({ id, accountId, operatorId, method }: Owner) {
  if (method === 'role_session') return eq(session.id, id)
  return and(
    eq(session.accountId, accountId),
    eq(session.operatorId, operatorId),
    ne(session.method, 'role_session'),
  )
}

function alive({ idleMinutes, accounts }: SessionLimits): SQL {
  const idleSince = sql`now() - make_interval(secs => ${idleMinutes * 60})`
  const allowed = accounts ? inArray(session.accountId, [...accounts]) : sql`true`
  return sql`(${session.endsAt} > now() and ${session.lastSeenAt} > ${idleSince} and ${allowed})`
}

function secondsSince(instant: AnyColumn) {
  return sql<number>`extract(epoch from now() - ${instant})`.mapWith(Number)
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
