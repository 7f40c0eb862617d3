import {
  and,
  asc,
  count,
  desc,
  eq,
  inArray,
  isNotNull,
  isNull,
  like,
  ne,
  or,
  type SQL,
  sql,
} from 'drizzle-orm'
import { type Cloud, CloudError } from '@/lib/alicloud'
import { type Db, directory, folder, member, type PhoneState } from '@/lib/db'
import { abandonedAfter, storeMembers } from './refresh'

export interface MirrorMember {
  id: string
  displayName: string
  accountName: string | null
  type: 'resource' | 'cloud'
  /** The vendor's word, such as `CreateSuccess`. */
  status: string
  folderId: string
  /** `Retail / Online`; empty for the root folder, null for a folder not read yet. */
  folder: string | null
  folderPath: string | null
  joinMethod: string | null
  joinedAt: Date | null
  modifiedAt: Date | null
  tags: Record<string, string>
  phone: PhoneState
  phoneReadAt: Date | null
  phoneMasked: string | null
  goneAt: Date | null
}

export interface MirrorFilter {
  q?: string
  phone?: PhoneState | 'not_applicable'
  type?: 'resource' | 'cloud'
  status?: string
  /** A folder's id; members of its sub-folders are included. */
  folder?: string
  sort?: 'name' | '-name' | 'joined' | '-joined'
  page: number
}

const columns = {
  id: member.memberId,
  displayName: member.displayName,
  accountName: member.accountName,
  type: sql<'resource' | 'cloud'>`${member.type}`,
  status: member.status,
  folderId: member.folderId,
  folder: folder.names,
  folderPath: folder.path,
  joinMethod: member.joinMethod,
  joinedAt: member.joinedAt,
  modifiedAt: member.modifiedAt,
  tags: member.tags,
  phone: member.phone,
  phoneReadAt: member.phoneReadAt,
  phoneMasked: member.phoneMasked,
  goneAt: member.goneAt,
}

const inFolder = and(eq(folder.accountId, member.accountId), eq(folder.folderId, member.folderId))

export async function searchMembers(
  db: Db,
  accountId: string,
  filter: MirrorFilter,
  pageSize: number,
): Promise<{ rows: MirrorMember[]; total: number }> {
  const where = and(
    eq(member.accountId, accountId),
    isNull(member.goneAt),
    ...(await conditions(db, accountId, filter)),
  )
  const [rows, [counted]] = await Promise.all([
    db
      .select(columns)
      .from(member)
      .leftJoin(folder, inFolder)
      .where(where)
      .orderBy(...order(filter.sort), asc(member.memberId))
      .limit(pageSize)
      .offset((filter.page - 1) * pageSize),
    db.select({ total: count() }).from(member).where(where),
  ])
  return { rows, total: counted?.total ?? 0 }
}

async function conditions(db: Db, accountId: string, filter: MirrorFilter): Promise<(SQL | undefined)[]> {
  return [
    filter.q ? matches(filter.q) : undefined,
    filter.phone === 'not_applicable' ? eq(member.type, 'cloud') : undefined,
    filter.phone && filter.phone !== 'not_applicable'
      ? and(eq(member.type, 'resource'), eq(member.phone, filter.phone))
      : undefined,
    filter.type ? eq(member.type, filter.type) : undefined,
    filter.status ? eq(member.status, filter.status) : undefined,
    filter.folder ? await below(db, accountId, filter.folder) : undefined,
  ]
}

/** Part of a name, or the beginning of an account id with or without its group spaces. */
function matches(q: string): SQL | undefined {
  const digits = q.replace(/\s/g, '')
  return or(
    like(member.nameKey, `%${escapeLike(q.toLowerCase())}%`),
    /^\d+$/.test(digits) ? like(member.memberId, `${digits}%`) : undefined,
  )
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

async function below(db: Db, accountId: string, folderId: string): Promise<SQL> {
  const [top] = await db
    .select({ path: folder.path })
    .from(folder)
    .where(and(eq(folder.accountId, accountId), eq(folder.folderId, folderId)))
  if (!top) return eq(member.folderId, folderId)
  const inside = db
    .select({ id: folder.folderId })
    .from(folder)
    .where(
      and(
        eq(folder.accountId, accountId),
        or(eq(folder.path, top.path), like(folder.path, `${escapeLike(top.path)}/%`)),
      ),
    )
  return sql`${member.folderId} in ${inside}`
}

function order(sort: MirrorFilter['sort'] = 'name'): SQL[] {
  switch (sort) {
    case 'name':
      return [asc(member.nameKey)]
    case '-name':
      return [desc(member.nameKey)]
    case 'joined':
      return [sql`${member.joinedAt} asc nulls last`]
    case '-joined':
      return [sql`${member.joinedAt} desc nulls last`]
  }
}

export async function findMember(db: Db, accountId: string, memberId: string): Promise<MirrorMember | null> {
  const [row] = await db
    .select(columns)
    .from(member)
    .leftJoin(folder, inFolder)
    .where(and(eq(member.accountId, accountId), eq(member.memberId, memberId)))
  return row ?? null
}

export interface PhoneCounts {
  all: number
  bound: number
  missing: number
  unread: number
  not_applicable: number
}

/** Members of the whole directory by phone status. */
export async function countPhones(db: Db, accountId: string): Promise<PhoneCounts> {
  const rows = await db
    .select({ cloud: sql<boolean>`${member.type} = 'cloud'`, phone: member.phone, total: count() })
    .from(member)
    .where(and(eq(member.accountId, accountId), isNull(member.goneAt)))
    .groupBy(sql`1`, member.phone)
  const counts: PhoneCounts = { all: 0, bound: 0, missing: 0, unread: 0, not_applicable: 0 }
  for (const row of rows) {
    counts.all += row.total
    counts[row.cloud ? 'not_applicable' : row.phone] += row.total
  }
  return counts
}

/** What the filters offer: the folders and statuses this directory has. */
export async function filterChoices(db: Db, accountId: string) {
  const [folders, statuses] = await Promise.all([
    db
      .select({ id: folder.folderId, names: folder.names })
      .from(folder)
      .where(and(eq(folder.accountId, accountId), isNotNull(folder.parentId)))
      .orderBy(asc(folder.names)),
    db
      .selectDistinct({ status: member.status })
      .from(member)
      .where(and(eq(member.accountId, accountId), isNull(member.goneAt)))
      .orderBy(asc(member.status)),
  ])
  return { folders, statuses: statuses.map(({ status }) => status) }
}

/** When the list was last read to its end, and whether it is being read now. */
export async function readingState(db: Db, accountId: string) {
  const [row] = await db
    .select({
      readAt: directory.readAt,
      name: directory.name,
      reading: sql<boolean>`coalesce(${directory.readStartedAt} > greatest(${directory.readAt}, now() - ${abandonedAfter}), false)`,
      stale: sql<boolean>`${directory.readAt} is null or ${directory.readAt} < now() - interval '5 minutes'`,
    })
    .from(directory)
    .where(eq(directory.accountId, accountId))
  return row ?? { readAt: null, name: null, reading: false, stale: true }
}

/** The next members, by name, that have no phone and can be given one: where an administrator goes on. */
export async function nextWithoutPhone(
  db: Db,
  accountId: string,
  { exceptId, statuses, limit }: { exceptId: string; statuses: string[]; limit: number },
) {
  return db
    .select({ id: member.memberId, displayName: member.displayName, folder: folder.names })
    .from(member)
    .leftJoin(folder, inFolder)
    .where(
      and(
        eq(member.accountId, accountId),
        isNull(member.goneAt),
        eq(member.type, 'resource'),
        eq(member.phone, 'missing'),
        inArray(member.status, statuses),
        ne(member.memberId, exceptId),
      ),
    )
    .orderBy(asc(member.nameKey))
    .limit(limit)
}

/**
 * Reads one member from Alibaba Cloud into the mirror, phone status included. A member that is not there any more
 * is marked gone.
 */
export async function readMember(
  db: Db,
  cloud: Cloud,
  accountId: string,
  memberId: string,
): Promise<MirrorMember | null> {
  try {
    const { hasSecurePhone, ...facts } = await cloud.member(memberId)
    await storeMembers(db, accountId, [facts], 0)
    if (hasSecurePhone !== null)
      await storePhone(db, accountId, memberId, hasSecurePhone ? 'bound' : 'missing')
  } catch (error) {
    if (!(error instanceof CloudError) || error.code !== 'member.not_found') throw error
    await db
      .update(member)
      .set({ goneAt: sql`now()` })
      .where(and(eq(member.accountId, accountId), eq(member.memberId, memberId)))
  }
  return findMember(db, accountId, memberId)
}

/** @param masked the number, where this console knows which one was bound */
export async function storePhone(
  db: Db,
  accountId: string,
  memberId: string,
  phone: PhoneState,
  masked?: string,
): Promise<void> {
  await db
    .update(member)
    .set({
      phone,
      phoneReadAt: sql`now()`,
      ...(phone === 'missing' ? { phoneMasked: null } : masked ? { phoneMasked: masked } : {}),
    })
    .where(and(eq(member.accountId, accountId), eq(member.memberId, memberId)))
}
