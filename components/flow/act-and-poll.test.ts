import { MutationObserver, QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, expect, test } from 'vitest'
import { actOn, checkOn, readUnlessActing } from './act-and-poll'

interface Flow {
  step: string
}

const key = ['flow', { memberId: '1' }]
const clients: QueryClient[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.clear()
})

/** A promise that a test settles. */
function deferred<T>() {
  const controls = {} as { resolve(value: T): void; reject(error: Error): void }
  const promise = new Promise<T>((resolve, reject) => Object.assign(controls, { resolve, reject }))
  return { promise, ...controls }
}

/** A flow on screen, whose reads and responses the test controls. */
async function shownFlow() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  clients.push(client)
  const reads = { count: 0, answer: { step: 'number' } as Flow }
  const query = new QueryObserver<Flow>(client, {
    queryKey: key,
    queryFn: () =>
      readUnlessActing(client, key, async () => {
        reads.count++
        return reads.answer
      }),
  })
  query.subscribe(() => {})
  await expect.poll(() => reads.count).toBe(1)
  /** An operation of the flow; the test settles its response. */
  function newAct(readsAgain: boolean) {
    const answer = deferred<Flow>()
    const options = { run: () => answer.promise, succeeded: () => {}, readsAgain: () => readsAgain }
    const mutation = new MutationObserver(client, actOn<void, Flow>(client, key, options))
    return { ...answer, start: () => mutation.mutate() }
  }
  function newCheck() {
    const answer = deferred<string>()
    const options = { run: () => answer.promise, readsAgain: () => true }
    const mutation = new MutationObserver(client, checkOn<void, string>(client, key, options))
    return { ...answer, start: () => mutation.mutate() }
  }
  return { reads, query, newAct, newCheck, shown: () => client.getQueryData<Flow>(key) }
}

test('a poll reads nothing while an operation is in flight', async () => {
  const { reads, query, newAct, shown } = await shownFlow()
  const act = newAct(true)
  const started = act.start()
  reads.answer = { step: 'code' }
  await query.refetch()
  expect(reads.count).toBe(1)
  expect(shown()).toEqual({ step: 'number' })
  act.resolve({ step: 'sent' })
  await started
  expect(shown()).toEqual({ step: 'sent' })
  await query.refetch()
  expect(shown()).toEqual({ step: 'code' })
})

test('the flow is read again immediately after a refused operation', async () => {
  const { reads, newAct, shown } = await shownFlow()
  const act = newAct(true)
  const started = act.start()
  reads.answer = { step: 'blocked' }
  act.reject(new Error('refused'))
  await expect(started).rejects.toThrow('refused')
  expect(reads.count).toBe(2)
  expect(shown()).toEqual({ step: 'blocked' })
})

test('the flow is read again immediately after a check, passed or refused', async () => {
  const { reads, query, newCheck, shown } = await shownFlow()
  const passed = newCheck()
  const started = passed.start()
  await query.refetch()
  expect(reads.count).toBe(1)
  reads.answer = { step: 'nine attempts left' }
  passed.resolve('fits')
  await started
  expect(shown()).toEqual({ step: 'nine attempts left' })

  const refused = newCheck()
  const again = refused.start()
  reads.answer = { step: 'eight attempts left' }
  refused.reject(new Error('wrong code'))
  await expect(again).rejects.toThrow('wrong code')
  expect(shown()).toEqual({ step: 'eight attempts left' })
})

test('a finished operation does not hide another that is still in flight', async () => {
  const { reads, query, newAct } = await shownFlow()
  const [first, second] = [newAct(true), newAct(false)]
  const started = [first.start(), second.start()]
  first.reject(new Error('refused'))
  await expect(started[0]).rejects.toThrow('refused')
  await query.refetch()
  expect(reads.count).toBe(1)
  second.resolve({ step: 'sent' })
  await started[1]
})
