import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connectSandbox, startSandbox } from './index.ts'
import { startForTest } from './test/clients.ts'
import {
  attach,
  attachCrossAccount,
  china,
  codeFor,
  newNetwork,
  officeSites,
  singapore,
} from './test/networks.ts'

test('networks are added and changed with the given values', async () => {
  const { sandbox, control } = await startForTest()
  const [id = ''] = await control.addNetworks(
    'china',
    [{ name: '试点', vpcType: 'Basic', cidrBlock: '10.8.0.0/20', desktopCount: 7 }],
    'cn-shanghai',
  )
  expect(id).toMatch(/^cn-shanghai\+dir-\d{10}$/)
  const found = await officeSites(sandbox, { RegionId: 'cn-shanghai', 'OfficeSiteId.1': id }, china)
  expect(found).toMatchObject([
    { Name: '试点', VpcType: 'Basic', CidrBlock: '10.8.0.0/20', DesktopCount: 7, Status: 'REGISTERED' },
  ])
  expect(await control.changeNetwork(id, { vpcType: 'Standard', cenId: 'cen-1' })).toMatchObject({
    vpcType: 'Standard',
    cenId: 'cen-1',
    attachStatus: 'attached',
  })
  expect(await control.changeNetwork(id, { attachStatus: 'attaching' })).toMatchObject({ cenId: 'cen-1' })
  await control.advance(3600)
  expect(await control.network(id)).toMatchObject({ attachStatus: 'attaching' })
  await control.changeNetwork(id, { attachStatus: 'attach_failed' })
  const free = await control.changeNetwork(id, { cenId: null })
  expect([free.cenId, free.attachStatus]).toEqual([undefined, undefined])
})

test('changing another field does not affect an attach in progress', async () => {
  const { sandbox, control } = await startForTest({ assumptions: { attachSeconds: 600 } })
  const id = await newNetwork(control)
  await attach(sandbox, id)
  expect(await control.changeNetwork(id, { desktopCount: 3 })).toMatchObject({ attachStatus: 'attaching' })
  await control.advance(600)
  expect(await control.network(id)).toMatchObject({ attachStatus: 'attached', desktopCount: 3 })
})

test.each([
  [{ networks: [{}] }],
  [{ site: 'mars', networks: [{}] }],
  [{ site: 'china' }],
  [{ site: 'china', networks: [] }],
  [{ site: 'international', region: 'cn-hangzhou-finance', networks: [{}] }],
  [{ site: 'china', networks: [{ vpcType: 'standard' }] }],
  [{ site: 'china', networks: [{ cidrBlock: '10.0.0.1/8' }] }],
  [{ site: 'china', networks: [{}, { size: 3 }] }],
])('the networks %o are refused, and none is added', async (body) => {
  const { sandbox } = await startForTest()
  const before = await officeSites(sandbox, { RegionId: 'cn-hangzhou' }, china)
  const response = await fetch(`${sandbox.url}/_sandbox/networks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(response.status).toBe(400)
  expect(await officeSites(sandbox, { RegionId: 'cn-hangzhou' }, china)).toEqual(before)
})

test('an unknown network is not found, whatever its ID looks like', async () => {
  const { sandbox, control } = await startForTest()
  await expect(control.network(`${singapore}+dir-0`)).rejects.toMatchObject({ code: 'UnknownNetwork' })
  expect((await fetch(`${sandbox.url}/_sandbox/networks/%E0%A4%A`)).status).toBe(404)
  const id = await newNetwork(control)
  expect((await fetch(`${sandbox.url}/_sandbox/networks/${id}`)).status).toBe(200)
})

test('an attach in progress, codes and changes survive a restart, but not a reset', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-sandbox-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const stateFile = join(folder, 'sandbox.json')
  const first = await startSandbox({ port: 0, stateFile, assumptions: { attachSeconds: 3600 } })
  const before = connectSandbox(first.url)
  const [own = '', open = ''] = await before.addNetworks('international', [{}, {}])
  const [seeded] = await officeSites(first)
  if (!seeded) throw new Error('The seed has networks.')
  await before.changeNetwork(seeded.OfficeSiteId, { name: 'Renamed' })
  await attach(first, own)
  const code = await codeFor(first, before)
  await first.close()

  const { sandbox, control } = await startForTest({ stateFile })
  expect(await control.network(own)).toMatchObject({ attachStatus: 'attaching' })
  expect(await control.network(seeded.OfficeSiteId)).toMatchObject({ name: 'Renamed' })
  await attachCrossAccount(sandbox, open, code)
  await control.advance(3600)
  expect(await control.network(own)).toMatchObject({ attachStatus: 'attached' })
  await control.reset()
  await expect(control.network(own)).rejects.toMatchObject({ code: 'UnknownNetwork' })
  expect(await control.network(seeded.OfficeSiteId)).toMatchObject({ name: seeded.Name })
})

test('a state file from a version without networks still loads', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-sandbox-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const stateFile = join(folder, 'sandbox.json')
  const lists = ['members', 'removedMembers', 'codes', 'sends', 'messages', 'calls', 'tokens', 'faults']
  const empty = Object.fromEntries(lists.map((name) => [name, []]))
  await writeFile(stateFile, JSON.stringify({ format: 1, clockOffsetMs: 0, ...empty }))
  const { sandbox } = await startForTest({ stateFile })
  expect(await officeSites(sandbox)).not.toEqual([])
})
