import { setTimeout as wait } from 'node:timers/promises'
import { and, eq, isNotNull, isNull, lt, not, or, type SQL, sql } from 'drizzle-orm'
import { type Cloud, CloudError, type CloudMember } from '@/lib/alicloud'
import { AppError } from '@/lib/contract/errors'
import type { Site } from '@/lib/contract/site'
import { type Db, directory, folder, isAhead, isStorageAway, member } from '@/lib/db'
import { nameKeys } from './name-keys'

const pageSize = 100

export interface MirrorOwner {
  /** The management account. */
  accountId: string
  site: Site
  directoryId: string
}

/** The exclusive right to sync one directory, until it is released or not renewed in time. */
export interface SyncClaim {
  accountId: string
  generation: number
  leaseSeconds: number
}

/** When Alibaba Cloud was asked, by the database's clock, as text: a `Date` would lose digits. */
export type AskedAt = string

export const databaseNow = sql<AskedAt>`now()::text`

export function instantOf(askedAt: AskedAt): SQL {
  return sql`${askedAt}::timestamptz(3)`
}

/** Longer than any lease: a claim that ends later was made before the database's clock was set back. */
const longestLease = sql`interval '4 minutes'`

/** Whether a sync is running and has not been killed. */
export const syncRuns = sql<boolean>`coalesce(${directory.syncAliveUntil} > now()
  and ${directory.syncAliveUntil} < clock_timestamp() + ${longestLease}, false)`

/**
 * Claims the sync of a directory.
 * @param by the name of the operator who started it
 * @param leaseSeconds after which a sync that does not continue may be taken over; longer than any call takes
 * @returns null if a sync is running in any replica
 */
export async function claimSync(
  db: Db,
  owner: MirrorOwner,
  { by, leaseSeconds }: { by: string; leaseSeconds: number },
): Promise<SyncClaim | null> {
  const { accountId } = owner
  await db.insert(directory).values(owner).onConflictDoNothing()
  const [row] = await db
    .update(directory)
    .set({
      readStartedAt: sql`now()`,
      syncAliveUntil: aliveFor(leaseSeconds),
      syncBy: by,
      generation: sql`${directory.generation} + 1`,
      directoryId: owner.directoryId,
    })
    .where(and(eq(directory.accountId, accountId), not(syncRuns)))
    .returning({ generation: directory.generation })
  return row ? { accountId, generation: row.generation, leaseSeconds } : null
}

function aliveFor(seconds: number): SQL {
  return sql`now() + make_interval(secs => ${seconds})`
}

/**
 * The directory's row, unless a later sync has begun: an interrupted one that continues must not change it.
 */
function isCurrentSync({ accountId, generation }: SyncClaim) {
  return and(eq(directory.accountId, accountId), eq(directory.generation, generation))
}

const released = { syncAliveUntil: null, syncBy: null }

/**
 * Releases the claim of a sync that did not complete, and stores why it failed. Credentials that are no
 * longer valid say nothing about the directory, so the list does not show that to everyone.
 * @param failure left out if the sync was stopped: nothing failed
 */
export async function abandonSync(db: Db, claim: SyncClaim, failure?: unknown): Promise<void> {
  const stopped = failure === undefined || (failure instanceof CloudError && failure.endsSession)
  const ours = isStorageAway(failure) ? 'storage.unavailable' : 'internal'
  const known = failure instanceof AppError ? failure : new AppError(ours)
  const { code, params, upstream } = known
  await db
    .update(directory)
    .set({
      ...released,
      ...(stopped ? {} : { readError: { code, params, upstream }, readFailedAt: sql`now()` }),
    })
    .where(isCurrentSync(claim))
}

/**
 * At startup of the only process that has the database open: no sync can still be running, so the next one
 * need not wait for its lease to expire.
 */
export async function forgetInterruptedSyncs(db: Db): Promise<void> {
  await db.update(directory).set(released)
}

/**
 * How long a sync waits before each repetition of a call that was not carried out because Alibaba Cloud was
 * busy.
 */
const busyWaitsMs = [1000, 2000, 4000]

/** `stopped`: by its signal. `overtaken`: another sync took over its claim. */
export type SyncEnd = 'done' | 'stopped' | 'overtaken'

class EndedEarly extends Error {
  readonly how: Exclude<SyncEnd, 'done'>

  constructor(how: Exclude<SyncEnd, 'done'>) {
    super(how)
    this.how = how
  }
}

/** Makes one call of a sync; `askedAt` is the time before it. */
type Ask = <T>(call: () => Promise<T>) => Promise<{ answer: T; askedAt: AskedAt }>

/**
 * Reads every folder and every page of members into the mirror, then releases the claim. Until then nothing
 * is removed from the mirror. Rows that could not be read do not count as gone.
 * @throws CloudError if a call fails, or the pages end before all members were listed; the claim is kept
 */
export async function readDirectory(
  db: Db,
  cloud: Cloud,
  claim: SyncClaim,
  signal?: AbortSignal,
): Promise<SyncEnd> {
  /** Renews the claim, which distinguishes a running sync from a killed one. */
  async function renew(): Promise<AskedAt> {
    if (signal?.aborted) throw new EndedEarly('stopped')
    const [row] = await db
      .update(directory)
      .set({ syncAliveUntil: aliveFor(claim.leaseSeconds) })
      // A released claim is not renewed: if one of several parallel calls fails, the others continue.
      .where(and(isCurrentSync(claim), isNotNull(directory.syncAliveUntil)))
      .returning({ now: databaseNow })
    if (!row) throw new EndedEarly('overtaken')
    return row.now
  }

  /** Repeats a read that Alibaba Cloud was too busy for: one call must not cost the whole sync. */
  const ask: Ask = async (call) => {
    for (const ms of busyWaitsMs) {
      const askedAt = await renew()
      try {
        return { answer: await call(), askedAt }
      } catch (error) {
        if (!(error instanceof CloudError) || error.kind !== 'busy') throw error
        // An abort is noticed at the next renewal.
        await wait(ms, undefined, { signal }).catch(() => {})
      }
    }
    const askedAt = await renew()
    return { answer: await call(), askedAt }
  }

  try {
    const folders = await readFolders(db, cloud, claim, ask)
    const members = await readMembers(db, cloud, claim, ask)
    return (await complete(db, claim, { folders, members })) ? 'done' : 'overtaken'
  } catch (error) {
    if (error instanceof EndedEarly) return error.how
    throw error
  }
}

/** Whether every row of a list could be read: only then does "not seen" mean "not there". */
interface Seen {
  all: boolean
}

async function readMembers(
  db: Db,
  cloud: Cloud,
  { accountId, generation }: SyncClaim,
  ask: Ask,
): Promise<Seen & { total: number }> {
  let seen = 0
  let all = true
  for (let page = 1; ; page++) {
    const { answer, askedAt } = await ask(() => cloud.listMembers({ page, pageSize }))
    seen += answer.received
    if (answer.received > answer.members.length) all = false
    if (answer.members.length > 0) await storeMembers(db, accountId, answer.members, { generation, askedAt })
    if (seen >= answer.total) return { all, total: answer.total }
    // The list ended early; members missing from it must not be marked as gone.
    if (answer.received === 0) throw cutShort()
  }
}

/**
 * Marks unseen members as gone and deletes unseen folders.
 * @returns false if a later sync has begun
 */
async function complete(
  db: Db,
  claim: SyncClaim,
  { folders, members }: { folders: Seen; members: Seen & { total: number } },
): Promise<boolean> {
  const { accountId, generation } = claim
  return db.transaction(async (tx) => {
    // First of all: this keeps the next sync from beginning before the transaction ends.
    const [current] = await tx
      .update(directory)
      .set({
        ...released,
        readAt: sql`now()`,
        memberTotal: members.total,
        readError: null,
        readFailedAt: null,
      })
      .where(isCurrentSync(claim))
      .returning({ startedAt: directory.readStartedAt })
    if (!current?.startedAt) return false
    if (folders.all)
      await tx.delete(folder).where(and(eq(folder.accountId, accountId), lt(folder.generation, generation)))
    if (!members.all) return true
    // A member read individually meanwhile keeps the generation of an older sync, but it was seen.
    const unseen = and(
      eq(member.accountId, accountId),
      lt(member.generation, generation),
      or(lt(member.readAt, current.startedAt), isAhead(member.readAt)),
      isNull(member.goneAt),
    )
    // Page numbers skip a member when another one leaves meanwhile: one miss proves nothing, a second one
    // does.
    await tx
      .update(member)
      .set({ unseenPasses: sql`${member.unseenPasses} + 1` })
      .where(unseen)
    await tx
      .update(member)
      .set({ goneAt: sql`now()` })
      .where(and(unseen, sql`${member.unseenPasses} >= 2`))
    return true
  })
}

function cutShort(): CloudError {
  return new CloudError({
    code: 'cloud.not_understood',
    kind: 'not_understood',
    executed: 'no',
    params: { call: 'reading' },
    upstream: { product: 'ResourceDirectoryMaster', operation: 'ListAccounts' },
  })
}

/**
 * Stores members as read. An answer asked for earlier than the stored one changes nothing, however late it
 * came. A stored time in the future does not count: it is from before the clock was set back.
 * @param generation of the sync that saw them; 0 = read individually
 */
export async function storeMembers(
  db: Db,
  accountId: string,
  members: (Omit<CloudMember, 'deletion'> & Partial<Pick<CloudMember, 'deletion'>>)[],
  { generation, askedAt }: { generation: number; askedAt: AskedAt },
): Promise<void> {
  // A list that changes between two pages may show a member twice, but one statement can write a row only
  // once.
  const rows = [...new Map(members.map((one) => [one.id, one])).values()].map((one) => ({
    accountId,
    memberId: one.id,
    displayName: one.displayName,
    ...nameKeys(one.displayName),
    accountName: one.accountName,
    type: one.type,
    status: one.status,
    deletion: one.deletion,
    folderId: one.folderId,
    joinMethod: one.joinMethod,
    joinedAt: one.joinedAt,
    modifiedAt: one.modifiedAt,
    tags: Object.fromEntries(one.tags.map(({ key, value }) => [key, value])),
    generation,
    readAt: instantOf(askedAt),
  }))
  const fresh = (column: string) => sql.raw(`excluded.${column}`)
  await db
    .insert(member)
    .values(rows)
    .onConflictDoUpdate({
      target: [member.accountId, member.memberId],
      set: {
        displayName: fresh('display_name'),
        nameFold: fresh('name_fold'),
        namePinyin: fresh('name_pinyin'),
        accountName: fresh('account_name'),
        type: fresh('type'),
        status: fresh('status'),
        // Only a list includes it.
        ...(generation > 0 && { deletion: fresh('deletion') }),
        folderId: fresh('folder_id'),
        joinMethod: fresh('join_method'),
        joinedAt: fresh('joined_at'),
        modifiedAt: fresh('modified_at'),
        tags: fresh('tags'),
        generation: sql`greatest(${member.generation}, excluded.pass)`,
        unseenPasses: 0,
        goneAt: null,
        readAt: fresh('read_at'),
      },
      setWhere: or(sql`${member.readAt} <= excluded.read_at`, isAhead(member.readAt)),
    })
}

interface FolderPlace {
  id: string
  path: string
  names: string
}

/** Reads folders level by level: at most 100 folders and 5 levels, by the vendor's limits. */
async function readFolders(db: Db, cloud: Cloud, claim: SyncClaim, ask: Ask): Promise<Seen> {
  const { accountId, generation } = claim
  let all = true
  const { answer: found } = await ask(() => cloud.directory())
  if (!found) return { all }
  const root = { id: found.rootFolderId, parentId: null, name: '', path: found.rootFolderId, names: '' }
  await store([root])
  const known = new Set([root.id])
  let level: FolderPlace[] = [root]
  while (level.length > 0) {
    const children = await Promise.all(level.map((parent) => childrenOf(parent)))
    const rows = children.flat()
    if (rows.length > 0) await store(rows)
    level = rows
  }
  await db
    .update(directory)
    .set({ rootFolderId: found.rootFolderId, name: found.company ?? found.managementAccountName })
    .where(isCurrentSync(claim))
  return { all }

  async function childrenOf(parent: FolderPlace) {
    const rows: (FolderPlace & { parentId: string; name: string })[] = []
    let received = 0
    for (let page = 1; ; page++) {
      const { answer } = await ask(() => cloud.listFolders({ parentId: parent.id, page }))
      received += answer.received
      if (answer.received > answer.folders.length) all = false
      for (const { id, name } of answer.folders) {
        // Each folder has one place; a folder within itself would never end.
        if (known.has(id)) continue
        known.add(id)
        const names = parent.names === '' ? name : `${parent.names} / ${name}`
        rows.push({ id, name, parentId: parent.id, path: `${parent.path}/${id}`, names })
      }
      if (received >= answer.total) return rows
      if (answer.received === 0) {
        all = false
        return rows
      }
    }
  }

  async function store(rows: (FolderPlace & { parentId: string | null; name: string })[]) {
    await db
      .insert(folder)
      .values(rows.map(({ id, ...rest }) => ({ ...rest, folderId: id, accountId, generation })))
      .onConflictDoUpdate({
        target: [folder.accountId, folder.folderId],
        set: {
          name: sql`excluded.name`,
          parentId: sql`excluded.parent_id`,
          path: sql`excluded.path`,
          names: sql`excluded.names`,
          generation: sql`excluded.pass`,
        },
        setWhere: sql`${folder.generation} <= excluded.pass`,
      })
  }
}
