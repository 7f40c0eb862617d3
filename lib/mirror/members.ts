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
  /** `resource`, `cloud`, or the vendor's own value. */
  type: string
  /** The vendor's value, such as `CreateSuccess`. */
  status: string
  /** The vendor's value for a deletion that is in progress or failed, such as `Deleting`; null = none. */
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
  /**
   * Since the phone status was last asked for, whatever the answer, or otherwise became known; null = never.
   */
  secondsSincePhoneAsked: number | null
  phoneMasked: string | null
  /** When the member was found to be gone; null = in the directory. */
  goneAt: Date | null
}

export interface MirrorFilter {
  q?: string
  /** `not_applicable` = cloud accounts, which no other value includes. */
  phone?: PhoneState | 'not_applicable'
  type?: string
  status?: string
  /**
   * A folder id. Members of its subfolders are included, except for the root folder, where that would be
   * everyone.
   */
  folder?: string
  /** A subquery of member ids: only these, and of these only members whose phone is not bound. */
  among?: SQL | undefined
  sort?: 'name' | '-name' | 'joined' | '-joined'
  /** The language of the operator, in whose order names are sorted. */
  language: Language
  /** From 1. */
  page: number
}

/** Null for a time in the future, which says nothing about how long ago it was. */
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

/**
 * One page of the members in the directory; gone ones are left out everywhere.
 * @param filter its pages are numbered from 1; one beyond the last is empty
 * @returns `total`: members that match the filter, on all pages; `counts`: members by phone status, with all
 * other filters applied; `inDirectory`: all members, without any filter
 */
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

/** All filters except the phone status. */
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

/** Matches part of a name, or the beginning of an account id, with or without spaces between groups. */
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

/** One member, gone or not; null if the mirror has never had it. */
export async function findMember(db: Db, accountId: string, memberId: string): Promise<MirrorMember | null> {
  const [row] = await db
    .select(columns)
    .from(member)
    .leftJoin(folder, inFolder)
    .where(isMember(accountId, memberId))
  return row ?? null
}

/** The row of one member, gone or not. */
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

/**
 * Counts members by phone status; gone ones are left out.
 * @param which a condition for `counts`; default: all members
 * @returns `inDirectory`: all members, whatever the condition
 */
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

/**
 * Choices of the filters: the directory's folders, and the statuses and types of its members; gone ones are
 * left out. The root folder, which has no name, comes first.
 */
export async function filterChoices(db: Db, accountId: string, language: Language) {
  const valuesOf = (column: typeof member.status | typeof member.type) =>
    db
      .selectDistinct({ value: column })
      .from(member)
      .where(and(eq(member.accountId, accountId), isNull(member.goneAt)))
  const [folders, statuses, types] = await Promise.all([
    db
      .select({ id: folder.folderId, names: folder.names })
      .from(folder)
      .where(eq(folder.accountId, accountId)),
    valuesOf(member.status),
    valuesOf(member.type),
  ])
  const listed = (rows: { value: string }[]) =>
    rows
      .map(({ value }) => value)
      .filter(Boolean)
      .sort()
  // A directory has at most a hundred folders: no stored key is required.
  return {
    folders: sortedByName(folders, ({ names }) => names, language),
    statuses: listed(statuses),
    types: listed(types),
  }
}

/**
 * When the list was last read completely, why a later sync failed, and the sync that is running. `due` = old
 * enough for an automatic sync (5 minutes), and no sync failed in the last minute.
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

/** The `deletion` of a member that can no longer be changed. */
export const beingDeleted = 'Deleting'

/**
 * The first resource accounts, by name, that have no phone and can be given one, to continue with. Gone
 * members and those being deleted are left out.
 */
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
