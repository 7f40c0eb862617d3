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
  /** An act on it that is answered by hand. */
  function newAct(readsAgain: boolean) {
    const answer = byHand<Flow>()
    const options = { run: () => answer.promise, succeeded: () => {}, readsAgain: () => readsAgain }
    const mutation = new MutationObserver(client, actOn<void, Flow>(client, key, options))
    return { ...answer, press: () => mutation.mutate() }
  }
  function newCheck() {
    const answer = byHand<string>()
    const options = { run: () => answer.promise, readsAgain: () => true }
    const mutation = new MutationObserver(client, checkOn<void, string>(client, key, options))
    return { ...answer, press: () => mutation.mutate() }
  }
  return { reads, query, newAct, newCheck, shown: () => client.getQueryData<Flow>(key) }
}

test('a poll that starts while an act waits for its answer reads nothing', async () => {
  const { reads, query, newAct, shown } = await shownFlow()
  const act = newAct(true)
  const pressed = act.press()
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
  const { reads, newAct, shown } = await shownFlow()
  const act = newAct(true)
  const pressed = act.press()
  reads.answer = { step: 'blocked' }
  act.reject(new Error('refused'))
  await expect(pressed).rejects.toThrow('refused')
  expect(reads.count).toBe(2)
  expect(shown()).toEqual({ step: 'blocked' })
})

test('what a check may have used up is read at once, whether it passed or was refused', async () => {
  const { reads, query, newCheck, shown } = await shownFlow()
  const passed = newCheck()
  const pressed = passed.press()
  await query.refetch()
  expect(reads.count).toBe(1)
  reads.answer = { step: 'nine attempts left' }
  passed.resolve('fits')
  await pressed
  expect(shown()).toEqual({ step: 'nine attempts left' })

  const refused = newCheck()
  const again = refused.press()
  reads.answer = { step: 'eight attempts left' }
  refused.reject(new Error('wrong code'))
  await expect(again).rejects.toThrow('wrong code')
  expect(shown()).toEqual({ step: 'eight attempts left' })
})

test('an answered act does not hide another that still waits', async () => {
  const { reads, query, newAct } = await shownFlow()
  const [first, second] = [newAct(true), newAct(false)]
  const pressed = [first.press(), second.press()]
  first.reject(new Error('refused'))
  await expect(pressed[0]).rejects.toThrow('refused')
  await query.refetch()
  expect(reads.count).toBe(1)
  second.resolve({ step: 'sent' })
  await pressed[1]
})
