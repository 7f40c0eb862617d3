import { request } from 'node:http'
import { networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import type { Sandbox } from './index.ts'
import { sha256Hex, v3Signature, v3StringToSign } from './signature.ts'
import {
  call,
  type Key,
  persona,
  popCore,
  refusal,
  resourceManager,
  startForTest,
  sts,
} from './test/clients.ts'

const admin = persona('intl-admin')
const operation = 'Sts/GetCallerIdentity'

test('both signature versions and all official clients are accepted', async () => {
  const { sandbox } = await startForTest()
  const identity = { AccountId: admin.accountId, IdentityType: 'RAMUser' }
  expect(await call(sandbox, admin, operation)).toMatchObject(identity)
  expect(await call(sandbox, admin, operation, {}, { generation: 'v2' })).toMatchObject(identity)
  expect(
    await popCore(sandbox, admin, 'Sts').request('GetCallerIdentity', {}, { method: 'GET' }),
  ).toMatchObject(identity)
  expect(
    await popCore(sandbox, admin, 'Sts').request('GetCallerIdentity', {}, { method: 'POST' }),
  ).toMatchObject(identity)
  expect((await sts(sandbox, admin).getCallerIdentity()).body?.arn).toBe(
    `acs:ram::${admin.accountId}:user/wei.tan`,
  )
})

test.each(['v2', 'v3'] as const)(
  '%s: special characters survive signing, in query and form',
  async (generation) => {
    const { sandbox, control } = await startForTest()
    const displayName = "a b+c*d~e'(f)!/中"
    await control.addMembers('international', [{ displayName }])
    const keyword = { QueryKeyword: displayName }
    const name = 'ResourceDirectoryMaster/ListAccounts'
    for (const reply of [
      await call(sandbox, admin, name, keyword, { generation }),
      await call(sandbox, admin, name, {}, { generation, body: keyword }),
    ]) {
      expect(reply).toMatchObject({ TotalCount: 1, Accounts: { Account: [{ DisplayName: displayName }] } })
    }
  },
)

test('the error for a wrong secret echoes what was signed', async () => {
  const { sandbox } = await startForTest()
  const wrong = { keyId: admin.keyId, secret: 'wrong' }
  const query = { AccountId: '1000000000000001' }
  const v3 = await refusal(call(sandbox, wrong, 'ResourceManager/GetAccount', query))
  expect(v3).toMatchObject({ code: 'SignatureDoesNotMatch', status: 400 })
  expect(v3.message).toContain('server CanonicalRequest is [POST\n/\nAccountId=1000000000000001\n')
  const v2 = await refusal(call(sandbox, wrong, 'ResourceManager/GetAccount', query, { generation: 'v2' }))
  expect(v2).toMatchObject({ code: 'SignatureDoesNotMatch', status: 400 })
  expect(v2.message).toContain('server string to sign is:POST&%2F&')
})

test('an unknown key is not found', async () => {
  const { sandbox } = await startForTest()
  const refused = await refusal(call(sandbox, { keyId: 'SANDBOX-NOBODY', secret: 'x' }, operation))
  expect(refused).toMatchObject({ code: 'InvalidAccessKeyId.NotFound', status: 404 })
})

/** Sends a hand-signed V3 call, so that date, nonce and headers can be wrong. */
async function handSigned(
  sandbox: Sandbox,
  change: { date?: string; nonce?: string; leaveOut?: string; body?: string; contentHash?: string },
) {
  const headers: Record<string, string> = {
    host: `127.0.0.1:${sandbox.port}`,
    'x-acs-action': 'GetCallerIdentity',
    'x-acs-version': '2015-04-01',
    'x-acs-date': change.date ?? new Date().toISOString().replace(/\.\d+Z/, 'Z'),
    'x-acs-signature-nonce': change.nonce ?? 'a-nonce-of-its-own',
    'x-acs-content-sha256': change.contentHash ?? sha256Hex(''),
  }
  const signedHeaders = Object.keys(headers)
    .filter((name) => name !== change.leaveOut)
    .sort()
  const { stringToSign } = v3StringToSign({
    method: 'POST',
    path: '/',
    query: [],
    headers,
    signedHeaders,
    bodyHash: sha256Hex(''),
  })
  const signature = v3Signature(admin.secret, stringToSign)
  headers.authorization = `ACS3-HMAC-SHA256 Credential=${admin.keyId},SignedHeaders=${signedHeaders.join(';')},Signature=${signature}`
  const { host: _host, ...sent } = headers
  const response = await fetch(`${sandbox.url}/`, { method: 'POST', headers: sent, body: change.body })
  return (await response.json()) as { Code?: string; AccountId?: string }
}

test('a nonce is accepted only once', async () => {
  const { sandbox } = await startForTest()
  expect(await handSigned(sandbox, { nonce: 'n1' })).toMatchObject({ AccountId: admin.accountId })
  expect(await handSigned(sandbox, { nonce: 'n1' })).toMatchObject({ Code: 'SignatureNonceUsed' })
  expect(await handSigned(sandbox, { nonce: 'n2' })).toMatchObject({ AccountId: admin.accountId })
})

test('malformed dates and dates more than 15 minutes off are refused, regardless of the sandbox clock', async () => {
  const { sandbox, control } = await startForTest()
  const minutesAway = (minutes: number) =>
    new Date(Date.now() + minutes * 60_000).toISOString().replace(/\.\d+Z/, 'Z')
  expect(await handSigned(sandbox, { date: minutesAway(-16) })).toMatchObject({
    Code: 'InvalidTimeStamp.Expired',
  })
  expect(await handSigned(sandbox, { date: minutesAway(16) })).toMatchObject({
    Code: 'InvalidTimeStamp.Expired',
  })
  expect(await handSigned(sandbox, { date: 'yesterday' })).toMatchObject({ Code: 'InvalidTimeStamp.Format' })
  await control.advance(86_400)
  expect(await handSigned(sandbox, { date: minutesAway(-14) })).toMatchObject({ AccountId: admin.accountId })
})

test('every x-acs header and the body must be signed', async () => {
  const { sandbox } = await startForTest()
  expect(await handSigned(sandbox, { leaveOut: 'x-acs-version' })).toMatchObject({
    Code: 'IncompleteSignature',
  })
  expect(await handSigned(sandbox, { body: 'slipped=in' })).toMatchObject({ Code: 'SignatureDoesNotMatch' })
  const lie = await handSigned(sandbox, { contentHash: sha256Hex('another body') })
  expect(lie).toMatchObject({ Code: 'SignatureDoesNotMatch' })
})

test('unknown versions and operations are refused by the gateway', async () => {
  const { sandbox } = await startForTest()
  const ask = async (query: string) => (await fetch(`${sandbox.url}/?${query}`)).json()
  expect(await ask('Action=GetAccount')).toMatchObject({ Code: 'MissingVersion' })
  expect(await ask('Version=2020-03-31')).toMatchObject({ Code: 'MissingAction' })
  expect(await ask('Action=GetAccount&Version=1999-01-01')).toMatchObject({ Code: 'InvalidVersion' })
  expect(await ask('Action=MakeTea&Version=2020-03-31')).toMatchObject({ Code: 'InvalidAction.NotFound' })
  expect(await ask('Action=GetAccount&Version=2020-03-31')).toMatchObject({ Code: 'MissingAccessKeyId' })
})

async function assume(
  sandbox: Sandbox,
  change: Record<string, string> = {},
  key: Key = admin,
): Promise<Key & { expiration: string }> {
  const reply = await call(sandbox, key, 'Sts/AssumeRole', {
    RoleArn: admin.roleArn ?? '',
    RoleSessionName: 'wei.tan',
    ...change,
  })
  const credentials = reply.Credentials as Record<string, string>
  return {
    keyId: credentials.AccessKeyId ?? '',
    secret: credentials.AccessKeySecret ?? '',
    securityToken: credentials.SecurityToken,
    expiration: credentials.Expiration ?? '',
  }
}

test.each(['v2', 'v3'] as const)(
  '%s: a role session signs with its token, and its ARN ends with the session name',
  async (generation) => {
    const { sandbox } = await startForTest()
    const session = await assume(sandbox)
    expect(session.keyId).toMatch(/^STS\./)
    expect(await call(sandbox, session, operation, {}, { generation })).toMatchObject({
      IdentityType: 'AssumedRoleUser',
      AccountId: admin.accountId,
      Arn: `acs:ram::${admin.accountId}:assumed-role/muster-operator/wei.tan`,
      PrincipalId: expect.stringMatching(/^3\d{17}:wei\.tan$/),
    })
  },
)

test('AssumeRole returns what the typed client expects', async () => {
  const { sandbox } = await startForTest()
  const client = sts(sandbox, persona('china-admin'))
  const { AssumeRoleRequest } = await import('@alicloud/sts20150401')
  const { body } = await client.assumeRole(
    new AssumeRoleRequest({
      roleArn: persona('china-admin').roleArn,
      roleSessionName: 'li.na',
      durationSeconds: 900,
      sourceIdentity: 'li.na@haigang.example',
    }),
  )
  expect(body?.assumedRoleUser?.arn).toBe(`${persona('china-admin').roleArn}/li.na`)
  expect(body?.sourceIdentity).toBe('li.na@haigang.example')
  expect(body?.credentials?.securityToken?.length).toBeGreaterThan(500)
  const life = Date.parse(body?.credentials?.expiration ?? '') - Date.now()
  expect(life).toBeGreaterThan(890_000)
  expect(life).toBeLessThanOrEqual(900_000)
})

test('tokens expire by the sandbox clock and belong to their key', async () => {
  const { sandbox, control } = await startForTest()
  const session = await assume(sandbox, { DurationSeconds: '900' })
  const other = await assume(sandbox)
  const code = async (key: Key) => (await refusal(call(sandbox, key, operation))).code
  expect(await code({ ...session, securityToken: other.securityToken })).toBe(
    'InvalidSecurityToken.MismatchWithAccessKey',
  )
  expect(await code({ ...session, securityToken: 'nonsense' })).toBe('InvalidSecurityToken.Malformed')
  expect(await code({ ...session, securityToken: undefined })).toBe('MissingSecurityToken')
  expect(await code({ ...admin, securityToken: session.securityToken })).toBe(
    'InvalidSecurityToken.MismatchWithAccessKey',
  )
  await control.advance(899)
  expect(await call(sandbox, session, operation)).toMatchObject({ IdentityType: 'AssumedRoleUser' })
  await control.advance(2)
  expect(await code(session)).toBe('InvalidSecurityToken.Expired')
  expect(await call(sandbox, other, operation)).toMatchObject({ IdentityType: 'AssumedRoleUser' })
})

test.each([
  [{ RoleArn: 'muster-operator' }, 'InvalidParameter.RoleArn', 400],
  [{ RoleArn: '' }, 'MissingRoleArn', 400],
  [{ RoleArn: `acs:ram::${admin.accountId}:role/nobody` }, 'EntityNotExist.Role', 404],
  [{ RoleArn: persona('china-admin').roleArn ?? '' }, 'NoPermission', 403],
  [{ RoleSessionName: 'a' }, 'InvalidParameter.RoleSessionName', 400],
  [{ RoleSessionName: 'wei tan' }, 'InvalidParameter.RoleSessionName', 400],
  [{ DurationSeconds: '899' }, 'InvalidParameter.DurationSeconds', 400],
  [{ DurationSeconds: '28801' }, 'InvalidParameter.DurationSeconds', 400],
  [{ Policy: '{"Version":"1"}' }, 'InvalidParameter.PolicyGrammar', 400],
  [{ Policy: 'x'.repeat(2049) }, 'InvalidParameter.PolicySize', 400],
  [{ ExternalId: 'x' }, 'InvalidParameter.ExternalId', 400],
])('AssumeRole refuses %o', async (change, code, status) => {
  const { sandbox } = await startForTest()
  expect(await refusal(assume(sandbox, change))).toMatchObject({ code, status })
})

test('neither the root user nor a user without the permission can assume a role', async () => {
  const { sandbox } = await startForTest()
  const root = await refusal(assume(sandbox, {}, persona('root')))
  expect(root).toMatchObject({ code: 'NoPermission', message: 'Roles may not be assumed by root accounts.' })
  const reader = await refusal(assume(sandbox, {}, persona('read-only')))
  expect(reader).toMatchObject({
    code: 'NoPermission',
    status: 403,
    detail: { AuthAction: 'sts:AssumeRole' },
  })
})

test('GetCallerIdentity returns the identity of every persona', async () => {
  const { sandbox } = await startForTest()
  const identity = async (id: Parameters<typeof persona>[0]) => call(sandbox, persona(id), operation)
  expect(await identity('root')).toMatchObject({ IdentityType: 'Account', PrincipalId: admin.accountId })
  expect(await identity('read-only')).toMatchObject({ Arn: `acs:ram::${admin.accountId}:user/amira.said` })
  expect(await identity('china-admin')).toMatchObject({
    Arn: `acs:ram::${persona('china-admin').accountId}:user/li.na`,
  })
  expect(await identity('member')).toMatchObject({
    AccountId: persona('member').accountId,
    IdentityType: 'RAMUser',
  })
  expect(await identity('no-directory')).toMatchObject({ AccountId: persona('no-directory').accountId })
})

test('NoPermission names the action, and a session policy can only restrict', async () => {
  const { sandbox, control } = await startForTest()
  const [accountId = ''] = await control.addMembers('international', [{}])
  const query = { AccountId: accountId, SecureMobilePhone: '65-91234567' }
  const send = 'ResourceManager/SendVerificationCodeForBindSecureMobilePhone'
  const reader = await refusal(call(sandbox, persona('read-only'), send, query))
  expect(reader).toMatchObject({
    code: 'NoPermission',
    status: 403,
    detail: {
      AuthAction: 'resourcemanager:SendVerificationCodeForBindSecureMobilePhone',
      AuthPrincipalType: 'SubUser',
      AuthPrincipalOwnerId: admin.accountId,
      NoPermissionType: 'ImplicitDeny',
      PolicyType: 'AccountLevelIdentityBasedPolicy',
    },
  })
  const statement = (Effect: string, Action: string) => ({ Effect, Action: [Action], Resource: '*' })
  const policy = (...Statement: object[]) => JSON.stringify({ Version: '1', Statement })
  const reading = await assume(sandbox, {
    Policy: policy(statement('Allow', 'resourcemanager:Get*'), statement('Allow', 'sts:*')),
  })
  expect(await call(sandbox, reading, 'ResourceManager/GetAccount', { AccountId: accountId })).toHaveProperty(
    'Account',
  )
  expect(await refusal(call(sandbox, reading, send, query))).toMatchObject({
    code: 'NoPermission',
    detail: {
      AuthPrincipalType: 'AssumedRoleUser',
      AuthPrincipalDisplayName: 'muster-operator:wei.tan',
      NoPermissionType: 'ImplicitDeny',
      PolicyType: 'SessionPolicy',
    },
  })
  const denying = await assume(sandbox, {
    Policy: policy(
      statement('Allow', 'resourcemanager:*'),
      statement('Deny', 'resourcemanager:SendVerification*'),
    ),
  })
  expect(await refusal(call(sandbox, denying, send, query))).toMatchObject({
    detail: { NoPermissionType: 'ExplicitDeny', PolicyType: 'SessionPolicy' },
  })
  const wide = await assume(sandbox, { Policy: policy(statement('Allow', '*')) })
  expect(await call(sandbox, wide, send, query)).toHaveProperty('ExpirationDate')
  // The role has no STS permission, and a session policy cannot add one.
  expect(await refusal(assume(sandbox, {}, wide))).toMatchObject({
    code: 'NoPermission',
    detail: { PolicyType: 'AccountLevelIdentityBasedPolicy' },
  })
})

test('the typed ResourceManager client gets results and errors', async () => {
  const { sandbox } = await startForTest()
  const { body } = await resourceManager(sandbox, admin).getResourceDirectory()
  expect(body?.resourceDirectory?.masterAccountId).toBe(admin.accountId)
  await expect(
    resourceManager(sandbox, persona('no-directory')).getResourceDirectory(),
  ).rejects.toMatchObject({
    code: 'ResourceDirectoryNotInUse',
    statusCode: 404,
  })
})

test('web pages are refused by Origin, Sec-Fetch-Site and Host', async () => {
  const { sandbox } = await startForTest()
  const status = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      request(`${sandbox.url}/_sandbox/messages`, { headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .once('error', reject)
        .end()
    })
  expect(await status({})).toBe(200)
  expect(await status({ origin: 'http://localhost:3000' })).toBe(403)
  expect(await status({ origin: 'null' })).toBe(403)
  expect(await status({ 'sec-fetch-site': 'same-origin' })).toBe(403)
  expect(await status({ 'sec-fetch-site': 'none' })).toBe(200)
  expect(await status({ host: `rebound.example:${sandbox.port}` })).toBe(403)
  expect(await status({ host: 'localhost' })).toBe(403)
  expect(await status({ host: `localhost:${sandbox.port}` })).toBe(200)
  const api = await fetch(`${sandbox.url}/?Action=GetCallerIdentity&Version=2015-04-01`, {
    headers: { origin: 'http://x' },
  })
  expect(api.status).toBe(403)
  expect([...api.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
})

test('only the loopback interface is listened on, and a port in use is an error', async () => {
  const { sandbox } = await startForTest()
  await expect(startForTest({ port: sandbox.port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
    address: '127.0.0.1',
  })
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => address.family === 'IPv4' && !address.internal)
  for (const { address } of outside) {
    await expect(fetch(`http://${address}:${sandbox.port}/`)).rejects.toThrow('fetch failed')
  }
})
