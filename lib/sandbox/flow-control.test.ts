import { expect, test } from 'vitest'
import { FlowControl } from './flow-control.ts'
import { call, persona, refusal, startForTest } from './test/clients.ts'

test('a call fits again one second after the call that took its place', () => {
  let now = 5000
  const flow = new FlowControl(() => now)
  expect([flow.admits('a', 2), flow.admits('a', 2), flow.admits('a', 2)]).toEqual([true, true, false])
  expect(flow.admits('b', 2)).toBe(true)
  now += 999
  expect(flow.admits('a', 2)).toBe(false)
  now += 1
  expect([flow.admits('a', 2), flow.admits('a', 2), flow.admits('a', 2)]).toEqual([true, true, false])
})

const manyListings = 60

test('an operation called faster than its limit is throttled for the whole main account, and only there', async () => {
  const { sandbox } = await startForTest()
  const list = (id: Parameters<typeof persona>[0]) =>
    call(sandbox, persona(id), 'ResourceManager/ListAccounts')
  const settled = await Promise.allSettled(
    Array.from({ length: manyListings }, (_, index) => list(index % 2 === 0 ? 'intl-admin' : 'read-only')),
  )
  const refused = settled.filter((result) => result.status === 'rejected')
  // 60 calls would have to take three seconds to all fit into 20 a second.
  expect(refused.length).toBeGreaterThan(0)
  expect(await refusal(Promise.reject(refused[0]?.reason))).toMatchObject({
    code: 'Throttling.User',
    status: 400,
    message: 'Request was denied due to user flow control.',
  })
  expect(await list('china-admin')).toHaveProperty('Accounts')
  expect(await call(sandbox, persona('intl-admin'), 'ResourceDirectoryMaster/ListAccounts')).toHaveProperty(
    'Accounts',
  )
})

test('limits can be switched off', async () => {
  const { sandbox } = await startForTest({ limits: false })
  await Promise.all(
    Array.from({ length: manyListings }, () =>
      call(sandbox, persona('intl-admin'), 'ResourceManager/ListAccounts'),
    ),
  )
})
