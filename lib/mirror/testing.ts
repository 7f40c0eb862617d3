import type { CloudMember } from '@/lib/alicloud'
import type { Language } from '@/lib/contract/language'
import type { Db } from '@/lib/db'
import { type MirrorFilter, searchMembers } from './members'
import { storeMembers } from './refresh'

/** A member as Alibaba Cloud lists it. */
function cloudMember(n: number, displayName: string): CloudMember {
  return {
    id: String(1_000_000_000_000_000 + n),
    displayName,
    accountName: null,
    type: 'resource',
    status: 'CreateSuccess',
    deletion: null,
    folderId: 'fd-1',
    path: null,
    joinMethod: 'created',
    joinedAt: new Date(1_700_000_000_000 + n),
    modifiedAt: null,
    tags: [],
  }
}

/** For tests only: stores members with these names, like one page of a sync. */
export async function storeNamed(db: Db, accountId: string, names: string[], askedAt = new Date()) {
  const members = names.map((name, n) => cloudMember(n, name))
  await storeMembers(db, accountId, members, { generation: 1, askedAt: askedAt.toISOString() })
}

/** The names on one page of the list, page 1 by default. */
export async function listed(
  db: Db,
  accountId: string,
  filter: Partial<MirrorFilter> & { language: Language },
  pageSize = 50,
): Promise<string[]> {
  const { rows } = await searchMembers(db, accountId, { page: 1, ...filter }, pageSize)
  return rows.map(({ displayName }) => displayName)
}

/** Each line has spellings of one name: a search for any of them finds all. */
export const spellings = [
  ['МОСКВА', 'Москва', 'москва'],
  ['Caf\u00e9', 'CAFE\u0301', 'caf\u00e9'],
  ['ＡＢＣ', 'Abc', 'abc'],
  ['STRASSE', 'Straße', 'STRAẞE'],
  ['İstanbul', 'ISTANBUL', 'ıstanbul'],
  ['ΟΔΟΣ', 'Οδος', 'οδοσ'],
  ['零售\u3000１号', '零售 1号', '零售\u00a01号'],
]
