import { expect, test, vi } from 'vitest'
import { openDatabase } from '@/lib/db'
import { createServerDatabase, MIGRATIONS_DIR } from '@/lib/db/testing'
import { startProxy } from '@/lib/db/testing-proxy'
import { createJobs } from './jobs'

test('an outage is reported once when it begins and once when it ends, and then jobs run again', async () => {
  const server = await createServerDatabase()
  const proxy = await startProxy(server.url)
  const { db, run, close } = await openDatabase({ url: proxy.url, migrationsDir: MIGRATIONS_DIR })
  const shutdown = new AbortController()
  const reported: unknown[] = []
  let ran = 0
  const jobs = createJobs({
    ...{ db, run },
    work: { shutdown: shutdown.signal, underWay: (work) => work },
    report: {
      problem: (problem) => reported.push(problem),
      failure: (step, error) => reported.push({ step, error }),
    },
  })
  // The database is away when the process starts to take jobs.
  proxy.away({ open: 'reset', fresh: 'refuse' })
  const tidyUp = async () => {
    ran += 1
  }
  const starting = jobs.start({ settleRequests: async () => {}, tidyUp })
  await vi.waitFor(() => expect(reported).toEqual(['database_unavailable']), 60_000)
  await proxy.back()
  await starting
  await vi.waitFor(() => expect(ran).toBeGreaterThan(0), 60_000)
  expect(reported).toEqual(['database_unavailable', 'database_available'])

  proxy.away({ open: 'reset', fresh: 'refuse' })
  await vi.waitFor(() => expect(reported).toHaveLength(3), 60_000)
  await proxy.back()
  const before = ran
  await vi.waitFor(async () => {
    // Refused while the connection is still being restored, or while the job before is not marked as done.
    await jobs.send(db, 'tidyUp', null).catch(() => {})
    expect(ran).toBeGreaterThan(before)
  }, 60_000)
  expect(reported).toEqual([
    'database_unavailable',
    'database_available',
    'database_unavailable',
    'database_available',
  ])
  shutdown.abort()
  await jobs.stop()
  await close()
  proxy.close()
  await server.drop()
})
