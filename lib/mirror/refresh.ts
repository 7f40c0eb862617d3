import { and, eq, isNull, lt, ne, or, sql } from 'drizzle-orm'
import type { Cloud, CloudMember } from '@/lib/alicloud'
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

/** Lets the next reader begin at once after a reading that failed. */
export async function abandonReading(db: Db, accountId: string): Promise<void> {
  await db.update(directory).set({ readStartedAt: null }).where(eq(directory.accountId, accountId))
}

/** Reads every folder and every page of members into the mirror. */
export async function readDirectory(db: Db, cloud: Cloud, accountId: string, pass: number): Promise<void> {
  await readFolders(db, cloud, accountId, pass)
  let total = 0
  for (let page = 1; ; page++) {
    const answer = await cloud.listMembers({ page, pageSize })
    total = answer.total
    if (answer.members.length > 0) await storeMembers(db, accountId, answer.members, pass)
    if (answer.members.length < pageSize) break
  }
  await db.transaction(async (tx) => {
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
    await tx.delete(folder).where(and(eq(folder.accountId, accountId), ne(folder.pass, pass)))
    await tx
      .update(directory)
      .set({ readAt: sql`now()`, memberTotal: total })
      .where(and(eq(directory.accountId, accountId), eq(directory.pass, pass)))
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
  const found = await cloud.directory()
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
    .where(eq(directory.accountId, accountId))

  async function childrenOf(parent: FolderPlace) {
    const rows: (FolderPlace & { parentId: string; name: string })[] = []
    for (let page = 1; ; page++) {
      const answer = await cloud.listFolders({ parentId: parent.id, page })
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
          pass: sql`excluded.pass`,
        },
      })
  }
}
