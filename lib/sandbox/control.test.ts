import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connectSandbox, startSandbox } from './index.ts'
import { bind, call, newMember, persona, refusal, sendCode, startForTest } from './test/clients.ts'

const admin = persona('intl-admin')
const phone = '65-91234567'

test('calls are listed newest first, without phones, codes or secrets', async () => {
  const { sandbox, control } = await startForTest()
  const accountId = await newMember(control)
  const code = await sendCode(sandbox, control, accountId, phone)
  await bind(sandbox, accountId, phone, code)
  await refusal(call(sandbox, { keyId: admin.keyId, secret: 'wrong' }, 'Sts/GetCallerIdentity'))
  const calls = await control.calls()
  expect(calls).toMatchObject([
    { operation: 'GetCallerIdentity', outcome: 'SignatureDoesNotMatch', effect: false, caller: '' },
    {
      operation: 'BindSecureMobilePhone',
      product: 'ResourceManager',
      outcome: 'OK',
      target: accountId,
      caller: 'wei.tan',
      callerKeyId: admin.keyId,
      callerAccountId: admin.accountId,
    },
    { operation: 'SendVerificationCodeForBindSecureMobilePhone', outcome: 'OK', effect: true },
  ])
  const text = JSON.stringify(calls)
  for (const secret of [phone, code, admin.secret]) expect(text).not.toContain(secret)
  expect(await control.calls({ operation: 'BindSecureMobilePhone', target: accountId })).toHaveLength(1)
  expect(await control.calls({ caller: 'amira.said' })).toEqual([])
})

test('the clock only moves forward', async () => {
  const { sandbox, control } = await startForTest()
  expect(await control.clock()).toMatchObject({ offsetSeconds: 0 })
  await control.advance(600)
  expect(await control.advance(30)).toMatchObject({ offsetSeconds: 630 })
  expect(sandbox.clockOffsetSeconds()).toBe(630)
  const { now } = await control.clock()
  expect(Date.parse(now) - Date.now()).toBeGreaterThan(625_000)
  for (const seconds of [-1, 0.5, Number.NaN, 400_000_000]) {
    await expect(control.advance(seconds)).rejects.toMatchObject({ status: 400 })
  }
  expect(await control.clock()).toMatchObject({ offsetSeconds: 630 })
})

test('missing folders are added, and survive a restart', async () => {
  const stateFile = join(await temporaryFolder(), 'sandbox.json')
  const first = await startSandbox({ port: 0, stateFile })
  const control = connectSandbox(first.url)
  const path = 'Retail/Stores/North/Harbour front/Level 1'
  const { id } = await control.addFolders('international', path)
  expect((await control.addFolders('international', path)).id).toBe(id)
  const [member = ''] = await control.addMembers('international', [{ folder: path }])
  expect((await control.member(member)).folderId).toBe(id)
  for (const wrong of ['', 'Retail//North', `${path}/Too deep`]) {
    await expect(control.addFolders('international', wrong)).rejects.toMatchObject({ status: 400 })
  }
  await first.close()
  const again = await startForTest({ stateFile })
  expect((await again.control.addFolders('international', path)).id).toBe(id)
})

test('members are added with the given values, each with its own ID', async () => {
  const { sandbox, control } = await startForTest()
  const ids = await control.addMembers('china', [
    {
      displayName: '试点门店',
      folder: '零售/门店/华东',
      phone: '86-13900001234',
      type: 'ResourceAccount',
      status: 'PromoteFailed',
    },
    {},
  ])
  expect(new Set(ids).size).toBe(2)
  expect(ids.filter((id) => /^\d{16}$/.test(id))).toHaveLength(2)
  const read = await call(sandbox, persona('china-admin'), 'ResourceDirectoryMaster/GetAccount', {
    AccountId: ids[0] ?? '',
  })
  expect(read.Account).toMatchObject({
    DisplayName: '试点门店',
    Location: 'root/零售/门店/华东',
    Status: 'PromoteFailed',
    HasSecureMobilePhone: true,
  })
  const response = await fetch(`${sandbox.url}/_sandbox/members`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ site: 'international', count: 25 }),
  })
  expect(response.status).toBe(201)
  expect(new Set(((await response.json()) as { accountIds: string[] }).accountIds).size).toBe(25)
})

test.each([
  [{ site: 'mars', count: 1 }],
  [{ site: 'china' }],
  [{ site: 'china', count: 0 }],
  [{ site: 'china', count: 1, members: [{}] }],
  [{ site: 'china', members: [] }],
  [{ site: 'china', members: [{ name: 'x' }] }],
  [{ site: 'china', members: [{ status: 'Fine' }] }],
  [{ site: 'china', members: [{ folder: 'Retail' }] }],
  [{ site: 'china', members: [{ phone: '65-91234567' }] }],
  [{ site: 'china', members: [{ tags: 'a=b' }] }],
  [[]],
])('the members %o are refused, and none is added', async (body) => {
  const { sandbox } = await startForTest()
  const count = async () =>
    (await call(sandbox, persona('china-admin'), 'ResourceManager/ListAccounts')).TotalCount
  const before = await count()
  const response = await fetch(`${sandbox.url}/_sandbox/members`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({ error: { code: expect.any(String), message: expect.any(String) } })
  expect(await count()).toBe(before)
})

test('a member can leave', async () => {
  const { sandbox, control } = await startForTest()
  const accountId = await newMember(control)
  await control.removeMember(accountId)
  const refused = await refusal(call(sandbox, admin, 'ResourceManager/GetAccount', { AccountId: accountId }))
  expect(refused.code).toBe('EntityNotExists.Account')
  await expect(control.removeMember(accountId)).rejects.toMatchObject({ status: 404, code: 'UnknownMember' })
})

test('POST requires JSON; unknown routes, unknown filters and invalid bodies are refused', async () => {
  const { sandbox } = await startForTest()
  const status = async (path: string, init: RequestInit = {}) =>
    (await fetch(`${sandbox.url}/_sandbox/${path}`, init)).status
  const json = { 'content-type': 'application/json' }
  for (const path of ['faults', 'clock', 'members', 'reset']) {
    expect(
      await status(path, { method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } }),
    ).toBe(415)
    expect(await status(path, { method: 'POST', body: '{', headers: json })).toBe(400)
  }
  expect(await status('clock', { method: 'POST', body: '{}', headers: json })).toBe(400)
  expect(await status('nothing')).toBe(404)
  expect(await status('faults/a/b', { method: 'DELETE' })).toBe(404)
  expect(await status('messages?from=me')).toBe(400)
  expect(await status('members', { method: 'POST', headers: json, body: ' '.repeat(5_000_000) })).toBe(413)
})

test('requests of web pages are refused: any Origin, Sec-Fetch-Site, another Host', async () => {
  const { sandbox, control } = await startForTest()
  await control.arm({ operation: 'GetAccount', fault: 'silent' })
  const own = `127.0.0.1:${sandbox.port}`
  const sent: Record<string, string>[] = [
    { origin: 'http://localhost:3000' },
    { origin: `http://${own}` },
    { origin: 'null' },
    { origin: '' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'same-origin' },
    { host: `rebound.example:${sandbox.port}` },
    { host: `${own}.evil.example` },
    { host: '127.0.0.1' },
    { host: `127.0.0.2:${sandbox.port}` },
  ]
  for (const headers of sent) {
    for (const [method, path] of [
      ['GET', '/_sandbox/messages'],
      ['GET', '/_sandbox/personas'],
      ['POST', '/_sandbox/clock'],
      ['POST', '/_sandbox/reset'],
      ['DELETE', '/_sandbox/faults'],
      ['OPTIONS', '/_sandbox/faults'],
      ['POST', '/?Action=GetCallerIdentity&Version=2015-04-01'],
    ] as const) {
      const reply = await rawStatus(sandbox.port, method, path, headers)
      expect({ headers, method, path, ...reply }).toEqual({
        headers,
        method,
        path,
        status: 403,
        cors: undefined,
      })
    }
  }
  expect(await control.faults()).toHaveLength(1)
  expect(await control.clock()).toMatchObject({ offsetSeconds: 0 })
  // A URL typed into the address bar.
  expect(await rawStatus(sandbox.port, 'GET', '/_sandbox/clock', { 'sec-fetch-site': 'none' })).toMatchObject(
    {
      status: 200,
    },
  )
})

test('changes accept no content type that a page may send without a CORS preflight', async () => {
  const { sandbox, control } = await startForTest()
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonp',
    '',
  ]
  for (const type of types) {
    for (const [path, body] of [
      ['clock', '{"advanceSeconds":60}'],
      ['faults', '{"operation":"GetAccount","fault":"silent"}'],
      ['members', '{"site":"china","count":1}'],
      ['reset', '{}'],
    ] as const) {
      const headers = { 'content-type': type }
      expect([
        type,
        path,
        (await rawStatus(sandbox.port, 'POST', `/_sandbox/${path}`, headers, body)).status,
      ]).toEqual([type, path, 415])
    }
  }
  expect(await control.clock()).toMatchObject({ offsetSeconds: 0 })
  expect(await control.faults()).toEqual([])
})

/** Can set headers that fetch does not allow. */
function rawStatus(port: number, method: string, path: string, headers: Record<string, string>, body = '') {
  return new Promise<{ status: number | undefined; cors: string | undefined }>((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: { 'content-type': 'application/json', ...headers },
    }
    request(options, (reply) => {
      reply.resume()
      resolve({ status: reply.statusCode, cors: reply.headers['access-control-allow-origin'] })
    })
      .once('error', reject)
      .end(body)
  })
}

test('operations and personas are listed', async () => {
  const { sandbox, control } = await startForTest()
  expect(await control.operations()).toContain('ResourceManager/BindSecureMobilePhone')
  const response = await fetch(`${sandbox.url}/_sandbox/personas`)
  expect(await response.json()).toMatchObject({ personas: expect.arrayContaining([{ ...admin }]) })
})

test('reset restores the seed', async () => {
  const { sandbox, control } = await startForTest()
  const accountId = await newMember(control)
  await sendCode(sandbox, control, accountId, phone)
  await control.arm({ operation: 'GetAccount', fault: 'silent' })
  await control.advance(60)
  await control.reset()
  expect(await control.messages()).toEqual([])
  expect(await control.calls()).toEqual([])
  expect(await control.faults()).toEqual([])
  expect(await control.clock()).toMatchObject({ offsetSeconds: 0 })
  await expect(control.member(accountId)).rejects.toMatchObject({ code: 'UnknownMember' })
})

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-sandbox-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

test('an added company, its user, CEN and networks survive a restart, but not a reset', async () => {
  const stateFile = join(await temporaryFolder(), 'sandbox.json')
  const first = await startSandbox({ port: 0, stateFile })
  const before = connectSandbox(first.url)
  const { account, persona: operator, cenId } = await before.addAccount('china')
  const [networkId = ''] = await before.addNetworks({ accountId: account.id }, [{ cenId }])
  await first.close()

  const { sandbox, control } = await startForTest({ stateFile })
  expect(await control.account(account.id)).toEqual({ ...account, site: 'china', directoryId: null })
  expect(await control.personas()).toContainEqual(operator)
  expect(await call(sandbox, operator, 'Sts/GetCallerIdentity', {})).toMatchObject({ AccountId: account.id })
  const region = { RegionId: 'cn-hangzhou' }
  const { Cens } = await call(sandbox, operator, 'ecd/DescribeCens', region)
  expect(Cens).toMatchObject([{ CenId: cenId, Status: 'Active' }])
  const { OfficeSites } = await call(sandbox, operator, 'ecd/DescribeOfficeSites', region)
  expect(OfficeSites).toMatchObject([{ OfficeSiteId: networkId, CenId: cenId }])
  await control.reset()
  expect(await control.personas()).not.toContainEqual(operator)
  await expect(control.account(account.id)).rejects.toMatchObject({ code: 'UnknownAccount' })
})

test('the state survives a restart: members, codes, tokens, daily counts, clock, faults and inbox', async () => {
  const stateFile = join(await temporaryFolder(), 'new', 'sandbox.json')
  const first = await startSandbox({ port: 0, stateFile })
  const before = connectSandbox(first.url)
  const [open, bound, gone] = await before.addMembers('international', [{ displayName: 'kept' }, {}, {}])
  if (!open || !bound || !gone) throw new Error('Expected three members.')
  await bind(first, bound, phone, await sendCode(first, before, bound, phone))
  await before.removeMember(gone)
  const code = await sendCode(first, before, open, phone)
  const session = await call(first, admin, 'Sts/AssumeRole', {
    RoleArn: admin.roleArn ?? '',
    RoleSessionName: 'wei.tan',
  })
  await before.advance(120)
  await before.arm({ operation: 'GetFolder', fault: 'throttle', times: 3 })
  const messages = await before.messages()
  await first.close()

  const { sandbox, control } = await startForTest({ stateFile, assumptions: { codesPerDayMax: 1 } })
  expect(await control.messages()).toEqual(messages)
  expect(await control.clock()).toMatchObject({ offsetSeconds: 120 })
  expect(await control.faults()).toMatchObject([{ operation: 'GetFolder', timesLeft: 3 }])
  expect((await control.calls()).length).toBe(4)
  expect(await control.member(bound)).toMatchObject({ securePhone: phone })
  await expect(control.member(gone)).rejects.toMatchObject({ code: 'UnknownMember' })
  const { AccessKeyId, AccessKeySecret, SecurityToken } = session.Credentials as Record<string, string>
  const key = { keyId: AccessKeyId ?? '', secret: AccessKeySecret ?? '', securityToken: SecurityToken }
  await bind(sandbox, open, phone, code, key)
  expect(await control.member(open)).toMatchObject({ displayName: 'kept', securePhone: phone })
  const second = await refusal(sendCode(sandbox, control, bound, phone))
  expect(second.code).toBe('SendValidateCodeExceedsLimitForAccount')
})

test('changes are saved while running, in a file that only its owner can read', async () => {
  const stateFile = join(await temporaryFolder(), 'sandbox.json')
  const { control } = await startForTest({ stateFile })
  await control.advance(77)
  await expect
    .poll(async () => readFile(stateFile, 'utf8').catch(() => ''))
    .toContain('"clockOffsetMs":77000')
  if (process.platform !== 'win32') expect((await stat(stateFile)).mode & 0o777).toBe(0o600)
})

test('a reset survives a restart', async () => {
  const stateFile = join(await temporaryFolder(), 'sandbox.json')
  const first = await startSandbox({ port: 0, stateFile })
  const before = connectSandbox(first.url)
  const accountId = await newMember(before)
  await before.reset()
  await first.close()
  const { control } = await startForTest({ stateFile })
  await expect(control.member(accountId)).rejects.toMatchObject({ code: 'UnknownMember' })
})

test('an invalid state file prevents the start, with an error that says what to do', async () => {
  const stateFile = join(await temporaryFolder(), 'sandbox.json')
  for (const text of ['{"format":2}', 'not json']) {
    await writeFile(stateFile, text)
    await expect(startSandbox({ port: 0, stateFile })).rejects.toThrow('delete it to start over')
  }
})
