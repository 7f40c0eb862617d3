import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { createServerDatabase } from '../lib/db/testing.ts'
import { startSandbox } from '../lib/sandbox/index.ts'
import {
  type Caller,
  type Console,
  expect,
  signedInCaller,
  startConsole,
  serverTest as test,
} from './console'
import { newerBuild } from './newer-build'

// A rolling upgrade and its rollback, with two builds on one database. Starts and calls are slow on a busy machine.
test.describe.configure({ timeout: 300_000 })

const region = 'ap-southeast-1'
const cen = { cenId: 'cen-7ku2w9xq4mz81hvt3e', ownerId: '9134520068812347' }

async function codeOf(reply: Awaited<ReturnType<Caller['get']>>): Promise<string> {
  return reply.ok() ? 'done' : (await reply.json()).error.code
}

test('an older console runs beside a newer one, shows states that it does not know, and takes over again', async () => {
  const home = mkdtempSync(path.join(tmpdir(), 'muster-versions-'))
  const consoles: Console[] = []
  const [database, emulator] = [await createServerDatabase(), await startSandbox({ port: 0, limits: false })]
  const client = new Client({ connectionString: database.url })
  await client.connect()
  const rows = async (statement: string) => (await client.query(statement)).rows
  try {
    const settings = {
      DATABASE_URL: database.url,
      MUSTER_SECRET: Buffer.alloc(32, 7).toString('base64'),
      MUSTER_SANDBOX_URL: emulator.url,
      MUSTER_CALL_DEADLINE_SECONDS: '60',
      MUSTER_SETTLE_SECONDS: '90',
    }
    const started = async (script?: string) => {
      const muster = await startConsole(settings, script)
      consoles.push(muster)
      return muster
    }
    const old = await started()
    const { sandbox } = old
    const wei = await signedInCaller(old.origin, 'intl-admin')
    const [networkId = ''] = await sandbox.addNetworks('international', [{}], region)
    const network = `/api/networks/${region}/${networkId}`
    const [memberId = ''] = await sandbox.addMembers('international', [{}])
    const member = `/api/members/${memberId}/phone`

    // The upgrade: the newer one migrates while the older one keeps serving and writing.
    const script = newerBuild(path.join(home, 'newer'))
    const newer = await started(script)
    const mei = await signedInCaller(newer.origin, 'intl-admin')
    const sent = await wei.post(`${network}/code`, cen)
    expect(await codeOf(sent)).toBe('done')
    const { request } = await sent.json()
    expect(await rows(`select code_scope from code_request where target = '${networkId}'`)).toEqual([
      { code_scope: `${cen.ownerId}/${cen.cenId}` },
    ])
    expect(await codeOf(await wei.post(`${member}/code`, { phone: '65-91234567' }))).toBe('done')
    expect(await (await mei.get(member)).json()).toMatchObject({ step: 'code' })

    // The newer one checks the code and records that as a state that the older one does not know.
    const [message] = await sandbox.messages({ accountId: cen.ownerId })
    await sandbox.arm({ operation: 'VerifyCen', fault: 'silent' })
    const checking = mei.request
      .post(`${network}/check`, { data: { requestId: request.id, code: message?.code } })
      .catch(() => null)
    const state = async () =>
      (await rows(`select state from code_request where target = '${networkId}'`))[0]?.state
    await expect.poll(state).toBe('probing')
    const seen = { step: 'blocked', network: { blockedReason: 'newer_version' }, request: { state: 'newer' } }
    expect(await (await wei.get(network)).json()).toMatchObject(seen)
    expect(await codeOf(await wei.post(`${network}/code`, cen))).toBe('request.newer_version')
    // Pages and lists of the older one, as a browser asks for them.
    for (const page of [
      '/networks',
      `/networks/${region}/${encodeURIComponent(networkId)}/attach`,
      '/members',
      `/members/${memberId}`,
    ])
      expect({ page, status: (await wei.get(page)).status() }).toEqual({ page, status: 200 })
    const { networks } = await (await wei.get(`/api/networks/${region}`)).json()
    expect(networks.find(({ id }: { id: string }) => id === networkId)).toMatchObject({
      open: 'newer_version',
    })

    // The newer one crashes and is rolled back: an older one starts on the database it has migrated.
    await newer.stop('SIGKILL')
    await checking
    await rows(`insert into code_request (account_id, operation, target, state, operator_id, operator_name, of_tomorrow)
      select account_id, 'inherit_phone', '${memberId}', 'sending', 'x', 'x', 'y' from code_request limit 1`)
    await old.stop('SIGTERM')
    const back = await started()
    const again = await signedInCaller(back.origin, 'intl-admin')
    expect(await (await again.get(network)).json()).toMatchObject(seen)
    expect(await (await again.get(member)).json()).toMatchObject({ step: 'code' })
    const [{ code = '' } = {}] = await sandbox.messages({ accountId: memberId })
    const { request: open } = await (await again.get(member)).json()
    expect(await codeOf(await again.post(member, { requestId: open.id, code }))).toBe('done')

    // Upgraded once more: the newer one finds its own row and completes it.
    const forward = await started(script)
    const last = await signedInCaller(forward.origin, 'intl-admin')
    expect(await (await last.get(network)).json()).toMatchObject({ request: { state: 'probing' } })
    await sandbox.advance(91)
    expect(await (await last.get(network)).json()).toMatchObject({ step: 'code', request: { state: 'sent' } })
    expect(await (await again.get(network)).json()).toMatchObject({
      step: 'code',
      request: { state: 'sent' },
    })

    // After a migration that no older build may run on, an older build refuses to start and says why.
    await Promise.all([back.stop('SIGTERM'), forward.stop('SIGTERM')])
    await rows(`update compatibility set oldest = '9999_one_more' where migration = '9999_one_more'`)
    await expect(started()).rejects.toThrow(
      /exit code 1\)[\s\S]*\nDATABASE_URL: the database was migrated by a newer or different version of Muster\. Example: /,
    )
    await started(script)
  } finally {
    await Promise.all(consoles.map((one) => one.stop()))
    for (const one of consoles) one.removeData()
    await client.end()
    await emulator.close()
    await database.drop()
    rmSync(home, { recursive: true, force: true })
  }
})

test('numbers of abandoned requests are erased when a console starts', async () => {
  const database = await createServerDatabase()
  const emulator = await startSandbox({ port: 0, limits: false })
  const client = new Client({ connectionString: database.url })
  await client.connect()
  const settings = {
    DATABASE_URL: database.url,
    MUSTER_SECRET: Buffer.alloc(32, 7).toString('base64'),
    MUSTER_SANDBOX_URL: emulator.url,
  }
  const first = await startConsole(settings)
  await first.stop('SIGTERM')
  await client.query(`insert into code_request
    (account_id, operation, target, state, number_sealed, operator_id, operator_name, started_at, apply_started_at)
    select '1', 'bind_phone', state, state, 'sealed', 'x', 'x', at, at
    from unnest(array['sending', 'sent', 'unknown', 'applying', 'trying', 'apply_unknown']) as state,
      (select now() - interval '90 days' as at) as began`)
  const second = await startConsole(settings)
  try {
    await expect
      .poll(
        async () => (await client.query('select 1 from code_request where number_sealed is not null')).rows,
      )
      .toEqual([])
    const { rows } = await client.query('select target, state from code_request order by target')
    expect(Object.fromEntries(rows.map(({ target, state }) => [target, state]))).toEqual({
      sending: 'void',
      sent: 'void',
      unknown: 'void',
      trying: 'void',
      applying: 'apply_unknown',
      apply_unknown: 'apply_unknown',
    })
  } finally {
    await second.stop()
    for (const one of [first, second]) one.removeData()
    await client.end()
    await emulator.close()
    await database.drop()
  }
})
