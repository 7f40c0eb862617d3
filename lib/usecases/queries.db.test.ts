import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type RouteName, routes } from '@/lib/contract/routes'
import { syncState } from '@/lib/mirror'
import type { Operator } from './actor'
import type { Refreshed, UseCase } from './define'
import { startTestConsole, type TestConsole } from './testing'

const modules = import.meta.glob<Record<string, unknown>>(['./*.ts', './sign-in/*.ts', '!./**/*.test.ts'], {
  eager: true,
})
const queries = Object.values(modules)
  .flatMap(Object.entries)
  .filter((entry): entry is [string, UseCase] => isQuery(entry[1]))

function isQuery(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'perform' in value && 'action' in value && !value.action
  )
}

/** The tables of each `Refreshed` kind. */
const tables: Record<Refreshed, string[]> = {
  mirror: ['directory', 'folder', 'member'],
  ledger: ['code_request'],
  sessions: ['session', 'audit', 'audit_head'],
}

let muster: TestConsole
let wei: Operator
let oliver: Operator
/** Values for the parameters in the paths of routes. */
let facts: Record<string, string>
/** The inputs of queries that need more than these, or something else. */
let inputs: Record<string, unknown>
beforeAll(async () => {
  muster = await startTestConsole()
  wei = await muster.signedInAs('intl-admin')
  oliver = await muster.signedInAs('no-directory')
  wei.session.mayList = true
  const [memberId, region] = [await muster.newMember(), 'ap-southeast-1']
  const [networkId = ''] = await muster.sandbox.addNetworks('international', [{}], region)
  facts = { memberId, region, networkId }
  inputs = {
    listRegions: { language: 'en' },
    listMembers: { page: 1 },
    readPhones: { memberIds: [memberId] },
    checkNumber: { memberId, phone: '65-91234567' },
  }
})
afterAll(() => muster.close())

/** A hash of every table, except those for pacing and accepted calls, which belong to no use case. */
async function stored(): Promise<Map<string, string>> {
  const { db } = muster.services
  const names = await db.execute<{
    name: string
  }>(sql`select table_name as name from information_schema.tables
    where table_schema = 'public' and table_name not in ('rate', 'accepted_call')`)
  const prints = names.rows.map(async ({ name }): Promise<[string, string]> => {
    const { rows } = await db.execute<{ print: string | null }>(
      sql`select md5(string_agg(one::text, '' order by one::text)) as print from ${sql.identifier(name)} as one`,
    )
    return [name, rows[0]?.print ?? '']
  })
  return new Map(await Promise.all(prints))
}

/** The parameters of a path, such as `:memberId`, with their values from `facts`. */
function inputFrom(path: string): Record<string, string | undefined> {
  return Object.fromEntries([...path.matchAll(/:(\w+)/g)].map(([, field = '']) => [field, facts[field]]))
}

test.each(queries)('%s writes only what it declares in `refreshes`', async (name, query) => {
  const before = await stored()
  await query.run(
    name === 'getEnableFlow' ? oliver : wei,
    inputs[name] ?? inputFrom(routes[name as RouteName].path),
  )
  await vi.waitUntil(async () => !(await syncState(muster.services.db, wei.accountId)).sync)
  const changed = [...(await stored())].filter(([table, print]) => before.get(table) !== print)
  const allowed = query.refreshes.flatMap((one) => tables[one])
  expect(changed.map(([table]) => table).filter((table) => !allowed.includes(table))).toEqual([])
})
