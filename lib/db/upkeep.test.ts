import { expect, test, vi } from 'vitest'
import { openPglite } from './pglite.ts'
import { MIGRATIONS_DIR, template } from './testing.ts'
import { startUpkeep } from './upkeep.ts'

// Generous, for busy machines.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 })

const longWait = { timeout: 120_000, interval: 50 }

test('the engine checkpoints automatically, so that WAL stays small however much is written', async () => {
  const { client, close } = await openPglite({ migrationsDir: MIGRATIONS_DIR, template: await template() })
  const wal = async () => {
    const { rows } = await client.query<{ since: number; size: number }>(`
      select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 as since,
        (select sum(size) from pg_ls_waldir())::float8 as size
      from pg_control_checkpoint()`)
    if (!rows[0]) throw new Error('no WAL')
    return rows[0]
  }
  // 160 MB in total, all of which it would have to keep without a checkpoint.
  for (let round = 0; round < 8; round += 1) {
    await client.query(`select pg_logical_emit_message(false, 'filler', repeat('x', 1000000))
      from generate_series(1, 20)`)
    await vi.waitUntil(async () => (await wal()).since < 16 * 2 ** 20, longWait)
  }
  expect((await wal()).size).toBeLessThanOrEqual(96 * 2 ** 20)
  await close()
})

test('tables are vacuumed and analyzed after enough rows have changed', async () => {
  const { client, close } = await openPglite({ migrationsDir: MIGRATIONS_DIR, template: await template() })
  await client.query('create table filler (id int primary key, n int)')
  await client.query('insert into filler select n, 0 from generate_series(1, 2000) n')
  await client.query('update filler set n = n + 1')
  await vi.waitUntil(async () => {
    const { rows } = await client.query(`
      select 1 from pg_class c join pg_stat_user_tables s on s.relid = c.oid
      where c.relname = 'filler' and c.reltuples = 2000 and s.n_dead_tup = 0 and s.last_vacuum is not null`)
    return rows.length === 1
  }, longWait)
  await close()
})

/** A fake engine: a checkpoint is due, then a vacuum; the test decides when the checkpoint ends. */
function fakeEngine() {
  const engine = {
    statements: [] as string[],
    position: 1,
    endCheckpoint: () => {},
    async run(statement: string) {
      engine.statements.push(statement.includes('pg_ls_waldir') ? 'check' : statement)
      if (statement === 'checkpoint')
        await new Promise<void>((resolve) => {
          engine.endCheckpoint = resolve
        })
      if (statement.includes('pg_ls_waldir'))
        return [{ position: engine.position, since: 20 * 2 ** 20, size: 0 }]
      return statement.includes('n_dead_tup') ? [{ statement: 'vacuum member' }] : []
    },
  }
  return engine
}

test('nothing runs without a touch; a write is followed by one round, a read only by a check', async () => {
  const engine = fakeEngine()
  const upkeep = startUpkeep(engine.run, { writable: () => true, low: () => false })
  expect(engine.statements).toEqual([])
  upkeep.touch()
  await vi.waitUntil(() => engine.statements.includes('checkpoint'), longWait)
  engine.endCheckpoint()
  await vi.waitUntil(() => engine.statements.slice(-2).join() === 'vacuum member,check', longWait)
  const before = engine.statements.length
  upkeep.touch()
  await vi.waitUntil(() => engine.statements.length > before, longWait)
  expect(engine.statements.slice(before)).toEqual(['check'])
  await upkeep.stop()
})

test('a table that cannot be analyzed does not stop the others, and is reported once', async () => {
  const reported: string[] = []
  const { client, close } = await openPglite({
    migrationsDir: MIGRATIONS_DIR,
    template: await template(),
    onUpkeepFailure: (statement) => reported.push(statement),
  })
  // Analyzing it evaluates the index's expression, which fails by then.
  await client.exec(`
    create table broken (id int primary key, n int);
    create function half(n int) returns int immutable language plpgsql as $$ begin return n / 2; end $$;
    create index broken_half on broken (half(n));
    create table filler (id int primary key);
    insert into broken select n, n from generate_series(1, 2000) n;
    create or replace function half(n int) returns int immutable language plpgsql as
      $$ begin raise exception 'not now'; end $$`)
  for (const round of [1, 2]) {
    await client.query(`insert into filler select n from generate_series(${round}000, ${round}999) n`)
    await vi.waitUntil(async () => {
      const { rows } = await client.query<{ times: number }>(
        "select analyze_count::int as times from pg_stat_user_tables where relname = 'filler'",
      )
      return rows[0]?.times === round
    }, longWait)
  }
  expect(reported).toEqual(['analyze public.broken'])
  await close()
})

test('stopping waits for the running step and starts no other', async () => {
  const engine = fakeEngine()
  const upkeep = startUpkeep(engine.run, { writable: () => true, low: () => false })
  upkeep.touch()
  await vi.waitUntil(() => engine.statements.includes('checkpoint'), longWait)
  let stopped = false
  const stopping = upkeep.stop().then(() => {
    stopped = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(stopped).toBe(false)
  engine.endCheckpoint()
  await stopping
  expect(engine.statements).not.toContain('vacuum member')
})

test('with little space only a checkpoint runs, and nothing if the engine cannot write', async () => {
  const low = fakeEngine()
  const upkeep = startUpkeep(low.run, { writable: () => true, low: () => true })
  upkeep.touch()
  await vi.waitUntil(() => low.statements.includes('checkpoint'), longWait)
  low.endCheckpoint()
  await vi.waitUntil(() => low.statements.some((one) => one.includes('n_dead_tup')), longWait)
  await upkeep.stop()
  expect(low.statements).not.toContain('vacuum member')

  const full = fakeEngine()
  let asked = false
  const writable = () => {
    asked = true
    return false
  }
  const resting = startUpkeep(full.run, { writable, low: () => true })
  resting.touch()
  await vi.waitUntil(() => asked, longWait)
  await resting.stop()
  expect(full.statements).toEqual([])
})
