import { setTimeout as wait } from 'node:timers/promises'
import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import { type Cloud, CloudError, type CloudMember } from '@/lib/alicloud'
import { AppError } from '@/lib/contract/errors'
import type { Site } from '@/lib/contract/site'
import { type Db, directory, folder, member } from '@/lib/db'

const pageSize = 100

/** A reading that has not ended by then was interrupted; another may begin. */
export const abandonedAfter = sql`interval '5 minutes'`

export interface MirrorOwner {
  /** The management account. */
  accountId: string
  site: Site
  directoryId: string
}

/**
 * Starts a reading unless one is under way in any replica.
 * @returns the number of the reading, to be handed to `readDirectory`; null when somebody else reads
 */
export async function claimReading(db: Db, owner: MirrorOwner): Promise<number | null> {
  await db.insert(directory).values(owner).onConflictDoNothing()
  const idle = or(
    isNull(directory.readStartedAt),
    sql`${directory.readAt} >= ${directory.readStartedAt}`,
    sql`${directory.readStartedAt} < now() - ${abandonedAfter}`,
  )
  const [row] = await db
    .update(directory)
    .set({
      readStartedAt: sql`now()`,
      pass: sql`${directory.pass} + 1`,
      directoryId: owner.directoryId,
    })
    .where(and(eq(directory.accountId, owner.accountId), idle))
    .returning({ pass: directory.pass })
  return row?.pass ?? null
}

/** The directory's row as long as no later reading has begun: an interrupted one that goes on must not touch it. */
function still(accountId: string, pass: number) {
  return and(eq(directory.accountId, accountId), eq(directory.pass, pass))
}

/**
 * Lets the next reader begin after a reading that failed, and keeps why it did. Credentials of no more use say nothing
 * about the directory, so the list does not repeat them to everybody.
 */
export async function abandonReading(
  db: Db,
  accountId: string,
  pass: number,
  failure: unknown,
): Promise<void> {
  const known = failure instanceof AppError ? failure : new AppError('internal')
  const { code, params, upstream } = known
  const ended = failure instanceof CloudError && failure.endsSession
  await db
    .update(directory)
    .set({
      readStartedAt: null,
      ...(ended ? {} : { readError: { code, params, upstream }, readFailedAt: sql`now()` }),
    })
    .where(still(accountId, pass))
}

/** At the start of a sole opener no reading can still be under way: the next one need not wait for its time to run out. */
export async function forgetInterruptedReadings(db: Db): Promise<void> {
  await db.update(directory).set({ readStartedAt: null })
}

/** How long a reading waits before it repeats a call that came too fast, one time after the other. */
const busyWaitsMs = [1000, 2000, 4000]

/** Repeats a read that Alibaba Cloud was too busy for: a whole reading is too much to lose by one call. */
async function patiently<T>(read: () => Promise<T>): Promise<T> {
  for (const ms of busyWaitsMs) {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof CloudError) || error.kind !== 'busy') throw error
      await wait(ms)
    }
  }
  return read()
}

/**
 * Reads every folder and every page of members into the mirror.
 * @throws CloudError also when the pages end before they have shown as many members as there are
 */
export async function readDirectory(db: Db, cloud: Cloud, accountId: string, pass: number): Promise<void> {
  await readFolders(db, cloud, accountId, pass)
  let total = 0
  let seen = 0
  for (let page = 1; ; page++) {
    const answer = await patiently(() => cloud.listMembers({ page, pageSize }))
    total = answer.total
    seen += answer.members.length
    if (answer.members.length > 0) await storeMembers(db, accountId, answer.members, pass)
    if (seen >= total) break
    // Who is missing from a list that is cut short has not left.
    if (answer.members.length === 0) throw cutShort()
  }
  await db.transaction(async (tx) => {
    // First of all: it keeps the next reading from beginning until this one has been put away.
    const current = await tx
      .update(directory)
      .set({ readAt: sql`now()`, memberTotal: total, readError: null, readFailedAt: null })
      .where(still(accountId, pass))
      .returning({ pass: directory.pass })
    if (current.length === 0) return
    const unseen = and(eq(member.accountId, accountId), lt(member.pass, pass), isNull(member.goneAt))
    // Page numbers skip a member when another one leaves meanwhile: one miss proves nothing, a second does.
    await tx
      .update(member)
      .set({ unseenPasses: sql`${member.unseenPasses} + 1` })
      .where(unseen)
    await tx
      .update(member)
      .set({ goneAt: sql`now()` })
      .where(and(unseen, sql`${member.unseenPasses} >= 2`))
    await tx.delete(folder).where(and(eq(folder.accountId, accountId), lt(folder.pass, pass)))
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

export async function storeMembers(
  db: Db,
  accountId: string,
  members: CloudMember[],
  pass: number,
): Promise<void> {
  const rows = members.map((one) => ({
    accountId,
    memberId: one.id,
    displayName: one.displayName,
    accountName: one.accountName,
    type: one.type,
    status: one.status,
    folderId: one.folderId,
    joinMethod: one.joinMethod,
    joinedAt: one.joinedAt,
    modifiedAt: one.modifiedAt,
    tags: Object.fromEntries(one.tags.map(({ key, value }) => [key, value])),
    pass,
  }))
  const fresh = (column: string) => sql.raw(`excluded.${column}`)
  await db
    .insert(member)
    .values(rows)
    .onConflictDoUpdate({
      target: [member.accountId, member.memberId],
      set: {
        displayName: fresh('display_name'),
        accountName: fresh('account_name'),
        type: fresh('type'),
        status: fresh('status'),
        folderId: fresh('folder_id'),
        joinMethod: fresh('join_method'),
        joinedAt: fresh('joined_at'),
        modifiedAt: fresh('modified_at'),
        tags: fresh('tags'),
        pass: sql`greatest(${member.pass}, excluded.pass)`,
        unseenPasses: 0,
        goneAt: null,
        readAt: sql`now()`,
      },
    })
}

interface FolderPlace {
  id: string
  path: string
  names: string
}

/** Folder by folder, level by level: at most 100 folders and 5 levels, by the vendor's limits. */
async function readFolders(db: Db, cloud: Cloud, accountId: string, pass: number): Promise<void> {
  const found = await patiently(() => cloud.directory())
  if (!found) return
  const root = { id: found.rootFolderId, parentId: null, name: '', path: found.rootFolderId, names: '' }
  await store([root])
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
    .where(still(accountId, pass))

  async function childrenOf(parent: FolderPlace) {
    const rows: (FolderPlace & { parentId: string; name: string })[] = []
    for (let page = 1; ; page++) {
      const answer = await patiently(() => cloud.listFolders({ parentId: parent.id, page }))
      for (const { id, name } of answer.folders) {
        const names = parent.names === '' ? name : `${parent.names} / ${name}`
        rows.push({ id, name, parentId: parent.id, path: `${parent.path}/${id}`, names })
      }
      if (answer.folders.length === 0 || rows.length >= answer.total) return rows
    }
  }

  async function store(rows: (FolderPlace & { parentId: string | null; name: string })[]) {
    await db
      .insert(folder)
      .values(rows.map(({ id, ...rest }) => ({ ...rest, folderId: id, accountId, pass })))
      .onConflictDoUpdate({
        target: [folder.accountId, folder.folderId],
        set: {
          name: sql`excluded.name`,
          parentId: sql`excluded.parent_id`,
          path: sql`excluded.path`,
          names: sql`excluded.names`,
          pass: sql`greatest(${folder.pass}, excluded.pass)`,
        },
      })
  }
}
