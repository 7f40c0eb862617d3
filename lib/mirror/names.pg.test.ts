import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '@/lib/db'
import { openDatabase } from '@/lib/db/open'
import { createServerDatabase, MIGRATIONS_DIR } from '@/lib/db/testing'
import { listed, spellings, storeNamed } from './testing'

let database: Database
let drop: () => Promise<void>
beforeAll(async () => {
  const server = await createServerDatabase('C')
  drop = server.drop
  database = await openDatabase({ url: server.url, migrationsDir: MIGRATIONS_DIR })
})
afterAll(async () => {
  await database.close()
  await drop()
})

test('a database whose locale knows only ASCII letters finds and sorts names like any other', async () => {
  const { db } = database
  const { rows } = await db.execute<{ lowered: string }>(`select lower('МОСКВА') as lowered`)
  expect(rows).toEqual([{ lowered: 'МОСКВА' }])
  await storeNamed(db, 'spelled', spellings.flat())
  for (const alike of spellings) {
    for (const typed of alike) {
      const found = await listed(db, 'spelled', { q: typed, language: 'en' })
      expect({ typed, found: found.toSorted() }).toEqual({ typed, found: alike.toSorted() })
    }
  }
  await storeNamed(db, 'ordered', ['张三', 'Zhu', '北京', 'ÉCOLE', 'école 2', 'Москва', 'МОСКВА 2'])
  const en = ['Zhu', 'ÉCOLE', 'école 2', 'Москва', 'МОСКВА 2', '北京', '张三']
  expect(await listed(db, 'ordered', { language: 'en' })).toEqual(en)
  const zh = ['北京', '张三', 'Zhu', 'ÉCOLE', 'école 2', 'Москва', 'МОСКВА 2']
  expect(await listed(db, 'ordered', { language: 'zh-CN' })).toEqual(zh)
})
