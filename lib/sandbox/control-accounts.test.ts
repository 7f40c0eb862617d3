import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AccountOrder, connectSandbox, startSandbox } from './index.ts'
import { call, persona, refusal, startForTest } from './test/clients.ts'
import {
  current,
  directoryOf,
  enable,
  expectNoDirectory,
  managerOf,
  newManager,
  oliver,
  phone,
  sendEnableCode,
  suffix,
} from './test/enabling.ts'

describe('persistence', () => {
  async function stateFileOf(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'muster-sandbox-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    return join(folder, 'sandbox.json')
  }

  test('directories, accounts, personas and open codes survive a restart, but not a reset', async () => {
    const stateFile = await stateFileOf()
    const first = await startSandbox({ port: 0, stateFile })
    const before = connectSandbox(first.url)
    await enable(first, newManager(await sendEnableCode(first, before)))
    const jonas = persona('member')
    await before.removeMember(jonas.accountId)
    await before.changeAccount(jonas.accountId, { email: 'jonas@example.com', phone })
    const open = await sendEnableCode(first, before, null, jonas)
    const [personas, directory] = [await before.personas(), await directoryOf(first, oliver)]
    await first.close()

    const { sandbox, control } = await startForTest({ stateFile })
    expect(await control.personas()).toEqual(personas)
    expect(await directoryOf(sandbox, oliver)).toEqual({ ...directory, RequestId: expect.any(String) })
    const manager = await managerOf(control)
    expect(await call(sandbox, manager, 'ResourceManager/ListAccounts')).toMatchObject({ TotalCount: 1 })
    expect(await control.account(jonas.accountId)).toMatchObject({ email: 'jonas@example.com', phone })
    await enable(sandbox, newManager(open, { MAName: `jonas${suffix}` }), 'ResourceManager', jonas)

    await control.reset()
    await expectNoDirectory(sandbox)
    expect(await refusal(call(sandbox, manager, 'Sts/GetCallerIdentity'))).toMatchObject({
      code: 'InvalidAccessKeyId.NotFound',
    })
    await expect(control.account(manager.accountId)).rejects.toMatchObject({
      code: 'UnknownAccount',
      status: 404,
    })
    expect(await control.personas()).toHaveLength(6)
    expect(await control.account(jonas.accountId)).toMatchObject({ email: null, phone: null })
    // The name is available again and leads to the same account ID.
    await enable(sandbox, newManager(await sendEnableCode(sandbox, control)))
    expect(await managerOf(control)).toEqual(manager)
  })

  test('a state file of an older version still loads', async () => {
    const stateFile = await stateFileOf()
    const first = await startSandbox({ port: 0, stateFile })
    await connectSandbox(first.url).advance(77)
    await first.close()
    const { accounts, enabledDirectories, ...older } = JSON.parse(await readFile(stateFile, 'utf8'))
    expect([accounts, enabledDirectories]).toEqual([[], []])
    await writeFile(stateFile, JSON.stringify(older))
    const { sandbox, control } = await startForTest({ stateFile })
    expect(await control.clock()).toMatchObject({ offsetSeconds: 77 })
    expect(await enable(sandbox, current)).toHaveProperty('ResourceDirectory')
  })
})

describe('accounts in the control API', () => {
  test('an account is read and changed; unknown accounts, fields and values are refused', async () => {
    const { control } = await startForTest()
    const { accountId } = persona('china-admin')
    expect(await control.account(accountId)).toEqual({
      id: accountId,
      site: 'china',
      name: 'haigang_cloud',
      enterpriseVerified: true,
      enterpriseName: '海港集团有限公司',
      profile: 'enterprise',
      phone: expect.stringMatching(/^86-/),
      email: expect.stringContaining('@'),
      directoryId: expect.stringMatching(/^rd-/),
    })
    const changed = await control.changeAccount(accountId, {
      phone: '86-13900001234',
      enterpriseName: '海港',
    })
    expect(changed).toMatchObject({ phone: '86-13900001234', enterpriseName: '海港', profile: 'enterprise' })
    expect(await control.account(accountId)).toEqual(changed)
    for (const bad of [
      { phone: '65-91234567' },
      { profile: 'other' },
      { enterpriseVerified: 1 },
      { site: 'china' },
    ]) {
      await expect(control.changeAccount(accountId, bad as AccountOrder)).rejects.toMatchObject({
        status: 400,
      })
    }
    expect(await control.account(accountId)).toEqual(changed)
    await expect(control.account('1000000000000000')).rejects.toMatchObject({ code: 'UnknownAccount' })
    await expect(control.changeAccount('1000000000000000', {})).rejects.toMatchObject({ status: 404 })
  })
})
