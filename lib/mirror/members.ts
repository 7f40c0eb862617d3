import {
  type AnyColumn,
  and,
  asc,
  count,
  desc,
  eq,
  inArray,
  isNull,
  like,
  ne,
  or,
  type SQL,
  sql,
} from 'drizzle-orm'
import { foldName } from '@/lib/contract/fold-name'
import type { Language } from '@/lib/contract/language'
import { plainText } from '@/lib/contract/typed-text'
import { type Db, directory, folder, isAhead, member, type PhoneState } from '@/lib/db'
import { nameOrder, sortedByName } from './name-keys'
import { syncRuns } from './refresh'

export interface MirrorMember {
  id: string
  displayName: string
  accountName: string | null
  /** `resource`, `cloud`, or the vendor's word where it is neither. */
  type: string
  /** The vendor's word, such as `CreateSuccess`. */
  status: string
  /** The vendor's word for a deletion that is under way or failed, such as `Deleting`; null = none. */
  deletion: string | null
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
  /** Since the phone status was last asked for, whatever the answer said, or became known otherwise; null before. */
  secondsSincePhoneAsked: number | null
  phoneMasked: string | null
  goneAt: Date | null
}

export interface MirrorFilter {
  q?: string
  phone?: PhoneState | 'not_applicable'
  type?: string
  status?: string
  /** A folder's id; members of its sub-folders are included, except below the root, where that would be everybody. */
  folder?: string
  /** Only these ids, whose phone is not bound: a select of them. */
  among?: SQL | undefined
  sort?: 'name' | '-name' | 'joined' | '-joined'
  /** Of the reader: names stand in its order. */
  language: Language
  page: number
}

/** A time of the future tells nothing of how long ago it was. */
function unlessAhead(time: AnyColumn): SQL {
  return sql`case when ${isAhead(time)} then null else ${time} end`
}

const columns = {
  id: member.memberId,
  displayName: member.displayName,
  accountName: member.accountName,
  type: member.type,
  status: member.status,
  deletion: member.deletion,
  folderId: member.folderId,
  folder: folder.names,
  folderPath: folder.path,
  joinMethod: member.joinMethod,
  joinedAt: member.joinedAt,
  modifiedAt: member.modifiedAt,
  tags: member.tags,
  phone: member.phone,
  phoneReadAt: member.phoneReadAt,
  secondsSincePhoneAsked: sql<
    number | null
  >`extract(epoch from now() - greatest(${unlessAhead(member.phoneAskedAt)}, ${unlessAhead(member.phoneReadAt)}))::float8`,
  phoneMasked: member.phoneMasked,
  goneAt: member.goneAt,
}

const inFolder = and(eq(folder.accountId, member.accountId), eq(folder.folderId, member.folderId))

/** One page, how many there are of its kind, and how many of each phone status the other filters leave. */
export async function searchMembers(
  db: Db,
  accountId: string,
  filter: MirrorFilter,
  pageSize: number,
): Promise<{ rows: MirrorMember[]; total: number; counts: PhoneCounts; inDirectory: number }> {
  const others = await conditions(db, accountId, filter)
  const [rows, { counts, inDirectory }] = await Promise.all([
    db
      .select(columns)
      .from(member)
      .leftJoin(folder, inFolder)
      .where(and(eq(member.accountId, accountId), isNull(member.goneAt), ofPhone(filter.phone), others))
      .orderBy(order(filter), asc(member.memberId))
      .limit(pageSize)
      .offset((filter.page - 1) * pageSize),
    countMembers(db, accountId, others),
  ])
  return { rows, total: counts[filter.phone ?? 'all'], counts, inDirectory }
}

function ofPhone(phone: MirrorFilter['phone']): SQL | undefined {
  if (!phone) return undefined
  return phone === 'not_applicable'
    ? eq(member.type, 'cloud')
    : and(ne(member.type, 'cloud'), eq(member.phone, phone))
}

/** All filters but the phone status. */
async function conditions(
  db: Db,
  accountId: string,
  { q, type, status, folder: folderId, among }: MirrorFilter,
): Promise<SQL | undefined> {
  return and(
    q ? matches(q) : undefined,
    type ? eq(member.type, type) : undefined,
    status ? eq(member.status, status) : undefined,
    folderId ? await within(db, accountId, folderId) : undefined,
    among ? and(ne(member.phone, 'bound'), sql`${member.memberId} in (${among})`) : undefined,
  )
}

/** Part of a name, or the beginning of an account id with or without its group spaces. */
function matches(q: string): SQL | undefined {
  const digits = plainText(q).replace(/\s/g, '')
  return or(
    like(member.nameFold, `%${escapeLike(foldName(q))}%`),
    /^\d+$/.test(digits) ? like(member.memberId, `${digits}%`) : undefined,
  )
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

async function within(db: Db, accountId: string, folderId: string): Promise<SQL> {
  const [top] = await db
    .select({ path: folder.path, parentId: folder.parentId })
    .from(folder)
    .where(and(eq(folder.accountId, accountId), eq(folder.folderId, folderId)))
  if (!top?.parentId) return eq(member.folderId, folderId)
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

function order({ sort = 'name', language }: Pick<MirrorFilter, 'sort' | 'language'>): SQL {
  const name = member[nameOrder[language]]
  switch (sort) {
    case 'name':
      return asc(name)
    case '-name':
      return desc(name)
    case 'joined':
      return sql`${member.joinedAt} asc nulls last`
    case '-joined':
      return sql`${member.joinedAt} desc nulls last`
  }
}

export async function findMember(db: Db, accountId: string, memberId: string): Promise<MirrorMember | null> {
  const [row] = await db
    .select(columns)
    .from(member)
    .leftJoin(folder, inFolder)
    .where(isMember(accountId, memberId))
  return row ?? null
}

export function isMember(accountId: string, memberId: string) {
  return and(eq(member.accountId, accountId), eq(member.memberId, memberId))
}

export interface PhoneCounts {
  all: number
  bound: number
  missing: number
  unread: number
  not_applicable: number
}

/** Members by phone status, of the whole directory or of those that something holds of; and all there are. */
export async function countMembers(
  db: Db,
  accountId: string,
  which: SQL = sql`true`,
): Promise<{ counts: PhoneCounts; inDirectory: number }> {
  const rows = await db
    .select({
      cloud: sql<boolean>`${member.type} = 'cloud'`,
      phone: member.phone,
      total: count(),
      matching: sql<number>`(count(*) filter (where ${which}))::int`,
    })
    .from(member)
    .where(and(eq(member.accountId, accountId), isNull(member.goneAt)))
    .groupBy(sql`1`, member.phone)
  const counts: PhoneCounts = { all: 0, bound: 0, missing: 0, unread: 0, not_applicable: 0 }
  let inDirectory = 0
  for (const row of rows) {
    inDirectory += row.total
    counts.all += row.matching
    counts[row.cloud ? 'not_applicable' : row.phone] += row.matching
  }
  return { counts, inDirectory }
}

/** What the filters offer: the folders, statuses and types this directory has; the root folder, without a name, is first. */
export async function filterChoices(db: Db, accountId: string, language: Language) {
  const words = (column: typeof member.status | typeof member.type) =>
    db
      .selectDistinct({ word: column })
      .from(member)
      .where(and(eq(member.accountId, accountId), isNull(member.goneAt)))
  const [folders, statuses, types] = await Promise.all([
    db
      .select({ id: folder.folderId, names: folder.names })
      .from(folder)
      .where(eq(folder.accountId, accountId)),
    words(member.status),
    words(member.type),
  ])
  const listed = (rows: { word: string }[]) =>
    rows
      .map(({ word }) => word)
      .filter(Boolean)
      .sort()
  // A directory has a hundred folders at most: no need of a key that is stored.
  return {
    folders: sortedByName(folders, ({ names }) => names, language),
    statuses: listed(statuses),
    types: listed(types),
  }
}

/**
 * When the list was last read to its end, why that failed since, and the sync that runs now. `due` = old enough to be
 * read again by itself, which a failure puts off.
 */
export async function syncState(db: Db, accountId: string) {
  const [row] = await db
    .select({
      readAt: directory.readAt,
      name: directory.name,
      readError: directory.readError,
      running: syncRuns,
      startedAt: directory.readStartedAt,
      by: directory.syncBy,
      due: sql<boolean>`coalesce(${directory.readAt} < now() - interval '5 minutes' or ${isAhead(directory.readAt)}, true)
        and coalesce(${directory.readFailedAt} < now() - interval '1 minute' or ${isAhead(directory.readFailedAt)}, true)`,
    })
    .from(directory)
    .where(eq(directory.accountId, accountId))
  if (!row) return { readAt: null, name: null, readError: null, sync: null, due: true }
  const { running, startedAt, by, ...state } = row
  return { ...state, sync: running && startedAt ? { startedAt, by } : null }
}

/** Nothing of such a member can be changed any more. */
export const beingDeleted = 'Deleting'

/** The next members, by name, that have no phone and can be given one: where an administrator goes on. */
export async function nextWithoutPhone(
  db: Db,
  accountId: string,
  {
    exceptId,
    statuses,
    limit,
    language,
  }: { exceptId: string; statuses: string[]; limit: number; language: Language },
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
        or(isNull(member.deletion), ne(member.deletion, beingDeleted)),
        ne(member.memberId, exceptId),
      ),
    )
    .orderBy(order({ language }), asc(member.memberId))
    .limit(limit)
}
