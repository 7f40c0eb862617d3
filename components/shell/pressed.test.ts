import { QueryClient } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { waitedFor } from './pressed'

test('users wait for calls they started, not for calls the page makes automatically', () => {
  const client = new QueryClient()
  const cache = client.getMutationCache()
  for (const asked of ['by the page', undefined]) {
    const act = cache.build(client, {
      meta: { asked, waitsFor: 'cloud' },
      networkMode: 'always',
      mutationFn: () => new Promise(() => undefined),
    })
    void act.execute(undefined)
  }
  expect(cache.findAll({ status: 'pending' })).toHaveLength(2)
  expect(cache.findAll(waitedFor).map(({ meta }) => meta?.asked)).toEqual([undefined])
})
