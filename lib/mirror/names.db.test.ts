import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { directory, folder, member } from '@/lib/db'
import { openTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { filterChoices, nextWithoutPhone } from './members'
import { addMissingNameKeys } from './missing-keys'
import { listed, spellings, storeNamed } from './testing'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const languages = ['en', 'zh-CN'] as const

test('a name is found by each of its spellings, and by part of one', async () => {
  const { db } = database
  await storeNamed(db, 'spelled', [...spellings.flat(), 'Other'])
  for (const alike of spellings) {
    for (const typed of alike) {
      const found = await listed(db, 'spelled', { q: typed, language: 'en' })
      expect({ typed, found: found.toSorted() }).toEqual({ typed, found: alike.toSorted() })
      const byPart = await listed(db, 'spelled', { q: typed.slice(1), language: 'en' })
      expect({ typed, byPart: byPart.toSorted() }).toEqual({ typed, byPart: alike.toSorted() })
    }
  }
  expect(await listed(db, 'spelled', { q: 'cafe', language: 'en' })).toEqual([])
})

test('wildcards are matched literally in every width, and an id is found by digits of any script', async () => {
  const { db } = database
  await storeNamed(db, 'literal', ['100% cotton', '100 cotton', 'a_b', 'a\\b', 'ab'])
  const find = (q: string) => listed(db, 'literal', { q, language: 'en' })
  expect(await find('%')).toEqual(['100% cotton'])
  expect(await find('％')).toEqual(['100% cotton'])
  expect(await find('＿')).toEqual(['a_b'])
  expect(await find('\\')).toEqual(['a\\b'])
  expect(await find('１０００ 0000 0000 0001')).toEqual(['100 cotton'])
  expect(await find('١٠٠٠٠٠٠٠٠٠٠٠٠٠٠٢')).toEqual(['a_b'])
})

test('names are sorted by pinyin in Chinese, and by their folded letters in English', async () => {
  const { db } = database
  await storeNamed(db, 'ordered', [
    '张三',
    'Zhu',
    '北京',
    'acme',
    '章二',
    'ＢＯＯＫ',
    '重庆',
    '阿里',
    '2 号店',
    'Москва',
  ])
  const en = ['2 号店', 'acme', 'ＢＯＯＫ', 'Zhu', 'Москва', '北京', '张三', '章二', '重庆', '阿里']
  const zh = ['2 号店', '阿里', 'acme', '北京', 'ＢＯＯＫ', '重庆', '张三', '章二', 'Zhu', 'Москва']
  expect(await listed(db, 'ordered', { language: 'en' })).toEqual(en)
  expect(await listed(db, 'ordered', { language: 'zh-CN' })).toEqual(zh)
  expect(await listed(db, 'ordered', { language: 'en', sort: '-name' })).toEqual(en.toReversed())
  expect(await listed(db, 'ordered', { language: 'zh-CN', sort: '-name' })).toEqual(zh.toReversed())
  await db.update(member).set({ phone: 'missing' }).where(eq(member.accountId, 'ordered'))
  const next = { exceptId: '', statuses: ['CreateSuccess'], limit: 3 }
  for (const [language, names] of [['en', en] as const, ['zh-CN', zh] as const]) {
    const offered = await nextWithoutPhone(db, 'ordered', { ...next, language })
    expect(offered.map(({ displayName }) => displayName)).toEqual(names.slice(0, 3))
  }
})

test('folders are sorted the same way, each before its contents', async () => {
  const { db } = database
  const names = ['', '张家港', '北京', '北京 / 零售', '北京 / 办公', 'Retail', 'apps', '北京部']
  await db.insert(directory).values({ accountId: 'folders', site: 'china', directoryId: 'rd' })
  await db.insert(folder).values(
    names.map((one, n) => ({
      accountId: 'folders',
      folderId: `fd-${n}`,
      name: one,
      path: `${n}`,
      names: one,
      generation: 1,
    })),
  )
  const folders = async (language: 'en' | 'zh-CN') =>
    (await filterChoices(db, 'folders', language)).folders.map((one) => one.names)
  expect(await folders('en')).toEqual([
    '',
    'apps',
    'Retail',
    '北京',
    '北京 / 办公',
    '北京 / 零售',
    '北京部',
    '张家港',
  ])
  expect(await folders('zh-CN')).toEqual([
    '',
    'apps',
    '北京',
    '北京 / 办公',
    '北京 / 零售',
    '北京部',
    'Retail',
    '张家港',
  ])
})

test('in each language and order, the pages together hold each member once, each with the same number of statements', async () => {
  const { db } = database
  const chars = [...'张章王李零售上海 aZé']
  const name = (n: number) => [0, 3, 5].map((k) => chars[(n * (k + 1) + k) % chars.length]).join('')
  // Many have the same name: only the id distinguishes them.
  await storeNamed(
    db,
    'paged',
    Array.from({ length: 120 }, (_, n) => (n % 4 ? name(n) : '张三')),
  )
  let statements = 0
  const counted = database.watched(() => {
    statements += 1
  })
  for (const language of languages) {
    for (const sort of ['name', '-name'] as const) {
      const all = await listed(db, 'paged', { language, sort }, 500)
      const pages: string[] = []
      for (let page = 1; page <= 5; page += 1) {
        statements = 0
        pages.push(...(await listed(counted, 'paged', { language, sort, page }, 30)))
        expect(statements).toBe(2)
      }
      expect(all).toHaveLength(120)
      expect(pages).toEqual(all)
    }
  }
})

test('a renamed member gets new keys with the next sync', async () => {
  const { db } = database
  await storeNamed(db, 'renamed', ['Before'], new Date('2026-01-01'))
  await storeNamed(db, 'renamed', ['以后'], new Date('2026-01-02'))
  expect(await listed(db, 'renamed', { q: 'before', language: 'en' })).toEqual([])
  expect(await listed(db, 'renamed', { q: '以后', language: 'zh-CN' })).toEqual(['以后'])
  const [row] = await db.select().from(member).where(eq(member.accountId, 'renamed'))
  expect(row).toMatchObject({ nameFold: '以后', namePinyin: 'yi3以hou4后' })
})

test('members stored by an older version are found and sorted correctly after the first tidy-up', async () => {
  const { db } = database
  await storeNamed(db, 'mixed', ['北京', 'Zhu'])
  // As written by a console that knows no keys, and more than one batch of them.
  await db.execute(sql`
    insert into member (account_id, member_id, display_name, type, status, folder_id, pass)
    select 'mixed', (2000000000000000 + n)::text, 'МОСКВА ' || n, 'resource', 'CreateSuccess', 'fd-1', 1
    from generate_series(1, 2100) n`)
  expect(await listed(db, 'mixed', { q: 'москва 2099', language: 'en' })).toEqual([])
  await addMissingNameKeys(db)
  expect(await listed(db, 'mixed', { q: 'москва 2099', language: 'en' })).toEqual(['МОСКВА 2099'])
  expect(await listed(db, 'mixed', { language: 'zh-CN' }, 3)).toEqual(['北京', 'Zhu', 'МОСКВА 1'])
  expect(await db.$count(member, sql`name_fold is null or name_pinyin is null`)).toBe(0)
})
