import { expect, test } from 'vitest'
import { FlowControl } from './flow-control.ts'
import { call, persona, refusal, startForTest } from './test/clients.ts'

test('a call is allowed again one second after the call that used up the limit', () => {
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

test('exceeding the limit of an operation throttles its main account, but no other account or product', async () => {
  const { sandbox } = await startForTest()
  const list = (id: Parameters<typeof persona>[0]) =>
    call(sandbox, persona(id), 'ResourceManager/ListAccounts')
  const settled = await Promise.allSettled(
    Array.from({ length: manyListings }, (_, index) => list(index % 2 === 0 ? 'intl-admin' : 'read-only')),
  )
  const refused = settled.filter((result) => result.status === 'rejected')
  // At 20 per second, 60 calls pass only if they take three seconds.
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

test('limits can be turned off', async () => {
  const { sandbox } = await startForTest({ limits: false })
  await Promise.all(
    Array.from({ length: manyListings }, () =>
      call(sandbox, persona('intl-admin'), 'ResourceManager/ListAccounts'),
    ),
  )
})
