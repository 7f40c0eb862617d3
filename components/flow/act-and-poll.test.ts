import { MutationObserver, QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, expect, test } from 'vitest'
import { actOn, readUnlessActing } from './act-and-poll'

interface Flow {
  step: string
}

const key = ['flow', { memberId: '1' }]
const clients: QueryClient[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.clear()
})

/** A promise that a test settles. */
function byHand<T>() {
  const hands = {} as { resolve(value: T): void; reject(error: Error): void }
  const promise = new Promise<T>((resolve, reject) => Object.assign(hands, { resolve, reject }))
  return { promise, ...hands }
}

/** A flow that is shown and read by hand, and a server whose answers are given by hand. */
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
  const act = byHand<Flow>()
  const mutation = new MutationObserver(
    client,
    actOn<void, Flow>(client, key, {
      run: () => act.promise,
      succeeded: () => {},
      readsAgain: () => true,
    }),
  )
  return { client, reads, query, act, mutation, shown: () => client.getQueryData<Flow>(key) }
}

test('a poll that starts while an act waits for its answer reads nothing', async () => {
  const { reads, query, act, mutation, shown } = await shownFlow()
  const pressed = mutation.mutate()
  reads.answer = { step: 'code' }
  await query.refetch()
  expect(reads.count).toBe(1)
  expect(shown()).toEqual({ step: 'number' })
  act.resolve({ step: 'sent' })
  await pressed
  expect(shown()).toEqual({ step: 'sent' })
  await query.refetch()
  expect(shown()).toEqual({ step: 'code' })
})

test('what a refused act may have changed is read at once', async () => {
  const { reads, act, mutation, shown } = await shownFlow()
  const pressed = mutation.mutate()
  reads.answer = { step: 'blocked' }
  act.reject(new Error('refused'))
  await expect(pressed).rejects.toThrow('refused')
  expect(reads.count).toBe(2)
  expect(shown()).toEqual({ step: 'blocked' })
})

test('an answered act does not hide another that still waits', async () => {
  const { client, reads, query, act, mutation } = await shownFlow()
  const other = byHand<Flow>()
  const second = new MutationObserver(
    client,
    actOn<void, Flow>(client, key, {
      run: () => other.promise,
      succeeded: () => {},
      readsAgain: () => false,
    }),
  )
  const pressed = [mutation.mutate(), second.mutate()]
  act.reject(new Error('refused'))
  await expect(pressed[0]).rejects.toThrow('refused')
  await query.refetch()
  expect(reads.count).toBe(1)
  other.resolve({ step: 'sent' })
  await pressed[1]
})
