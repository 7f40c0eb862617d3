import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type Cloud, type CloudError, operations, operatorPolicy, readOnlyPolicy } from './index'
import { methods, persona, sandboxOfTests, wrongFor } from './sandbox.fixture'
import { failureOf } from './wire.fixture'

const sandbox = sandboxOfTests()
const { cloudAs, cloudFor, codeSentTo, callsOf } = sandbox

const sites = [
  { site: 'international', admin: persona('intl-admin'), phone: '65-91230017' },
  { site: 'china', admin: persona('china-admin'), phone: '86-13900000017' },
] as const

describe.each(sites)('on the $site site', ({ site, admin, phone }) => {
  const cloud = () => cloudFor(admin)

  async function addMember(
    member: Parameters<typeof sandbox.control.addMembers>[1][number] = {},
  ): Promise<string> {
    const [id] = await sandbox.control.addMembers(site, [member])
    if (!id) throw new Error('no member was added')
    return id
  }

  test('the caller is identified', async () => {
    expect(await cloud().callerIdentity()).toEqual({
      type: 'ram_user',
      accountId: admin.accountId,
      principalId: expect.stringMatching(/^\d+$/),
      userId: expect.stringMatching(/^\d+$/),
      roleId: null,
      arn: `acs:ram::${admin.accountId}:user/${admin.userName}`,
      name: admin.userName,
    })
  })

  test('a role is assumed, and its session does what the policy allows', async () => {
    const before = Date.now()
    const session = await cloud().assumeRole({
      roleArn: admin.roleArn ?? '',
      sessionName: admin.userName ?? '',
      durationSeconds: 3600,
      policy: operatorPolicy(),
    })
    expect(session.arn).toBe(`${admin.roleArn}/${admin.userName}`)
    expect(session.credentials.accessKeyId).toMatch(/^STS\./)
    // The expiry is in whole seconds.
    expect(session.endsAt.getTime() - before).toBeGreaterThan(3_598_000)
    const asRole = cloudAs({ credentials: session.credentials, site, accountId: admin.accountId })
    expect(await asRole.callerIdentity()).toMatchObject({
      type: 'role',
      accountId: admin.accountId,
      userId: null,
      roleId: expect.stringMatching(/^\d+$/),
      name: `muster-operator/${admin.userName}`,
    })
    const memberId = await addMember()
    expect(await asRole.directory()).toMatchObject({ managementAccountId: admin.accountId })
    expect((await asRole.listFolders({ parentId: null, page: 1 })).total).toBeGreaterThan(0)
    expect((await asRole.listMembers({ page: 1 })).total).toBeGreaterThan(0)
    await asRole.sendBindCode({ memberId, phone })
    await asRole.bindPhone({ memberId, phone, code: await codeSentTo(phone) })
    expect((await asRole.member(memberId)).hasSecurePhone).toBe(true)
  })

  test('the directory is read', async () => {
    expect(await cloud().directory()).toEqual({
      directoryId: expect.stringMatching(/^rd-/),
      rootFolderId: expect.stringMatching(/^r-/),
      managementAccountId: admin.accountId,
      managementAccountName: expect.stringMatching(/./),
      company: expect.stringMatching(/./),
      createdAt: expect.any(Date),
    })
  })

  test('members are listed to the last page, with their tags and paths', async () => {
    const tags = [
      { key: 'team', value: 'pay & 收银' },
      { key: 'note', value: '' },
    ]
    const id = await addMember({ displayName: "a b+c*d~e'(f)!/中", tags })
    const first = await cloud().listMembers({ page: 1, pageSize: 10 })
    const seen = first.members.map((member) => member.id)
    for (let page = 2; seen.length < first.total; page += 1) {
      const next = await cloud().listMembers({ page, pageSize: 10 })
      expect(next.members.length).toBeGreaterThan(0)
      seen.push(...next.members.map((member) => member.id))
    }
    expect(new Set(seen).size).toBe(first.total)
    expect(seen).toContain(id)
    expect(await cloud().listMembers({ page: 1, query: "a b+c*d~e'(f)!/中" })).toEqual({
      total: 1,
      received: 1,
      members: [
        {
          id,
          displayName: "a b+c*d~e'(f)!/中",
          accountName: expect.stringContaining('@'),
          type: 'resource',
          status: 'CreateSuccess',
          deletion: null,
          folderId: expect.stringMatching(/^r-/),
          path: expect.stringMatching(new RegExp(`^rd-.*/${id}$`)),
          joinMethod: 'created',
          joinedAt: expect.any(Date),
          modifiedAt: expect.any(Date),
          tags,
        },
      ],
    })
  })

  test('without a page size a page holds 100 members', async () => {
    await sandbox.control.addMembers(
      site,
      Array.from({ length: 100 }, () => ({})),
    )
    const first = await cloud().listMembers({ page: 1 })
    expect(first.total).toBeGreaterThan(100)
    expect(first.members).toHaveLength(100)
  })

  test('folders are listed level by level', async () => {
    const { total, folders } = await cloud().listFolders({ parentId: null, page: 1 })
    expect(folders).toHaveLength(total)
    const below = await Promise.all(folders.map(({ id }) => cloud().listFolders({ parentId: id, page: 1 })))
    const found = below.flatMap((level) => level.folders)
    expect(found.length).toBeGreaterThan(0)
    for (const folder of found)
      expect(folder).toEqual({ id: expect.stringMatching(/^fd-/), name: expect.any(String) })
  })

  test('a member is read with its phone status and tags', async () => {
    const tags = [{ key: 'env', value: 'prod' }]
    const id = await addMember({ displayName: 'pilot', tags, phone })
    const member = await cloud().member(id)
    expect(member).toMatchObject({
      id,
      displayName: 'pilot',
      tags,
      hasSecurePhone: true,
      location: expect.any(String),
    })
    expect(inspect(member)).not.toContain(phone)
    expect((await cloud().member(await addMember())).hasSecurePhone).toBe(false)
    expect((await cloud().member(await addMember({ type: 'CloudAccount' }))).type).toBe('cloud')
  })

  test('a phone is bound with the code that was sent to it', async () => {
    const memberId = await addMember()
    const sent = await cloud().sendBindCode({ memberId, phone })
    expect(sent.requestId).toMatch(/^[0-9A-F-]{36}$/)
    expect(sent.expiresAt?.getTime()).toBeGreaterThan(Date.now())
    const bound = await cloud().bindPhone({ memberId, phone, code: await codeSentTo(phone) })
    const [call] = await sandbox.control.calls({ operation: operations.bindPhone.operation })
    expect(bound.requestId).toBe(call?.requestId)
    expect((await sandbox.control.member(memberId)).securePhone).toBe(phone)
  })

  test('a wrong code is refused at its field, without a retry', async () => {
    const memberId = await addMember()
    await cloud().sendBindCode({ memberId, phone })
    const wrong = wrongFor(await codeSentTo(phone))
    expect(await failureOf(cloud().bindPhone({ memberId, phone, code: wrong }))).toMatchObject({
      code: 'code.wrong_or_expired',
      kind: 'refused',
      executed: 'no',
      fields: { code: 'code.wrong_or_expired' },
    })
    expect(await callsOf(operations.bindPhone.operation)).toEqual(['Invalid.VerificationCode'])
  })

  test('a number of the other site is refused at its field, with the site', async () => {
    const memberId = await addMember()
    const otherSites = sites.find((other) => other.site !== site)?.phone ?? ''
    expect(await failureOf(cloud().sendBindCode({ memberId, phone: otherSites }))).toMatchObject({
      code: 'phone.country_not_allowed',
      params: { site },
      fields: { phone: 'phone.country_not_allowed' },
    })
    expect(await failureOf(cloud().bindPhone({ memberId, phone: otherSites, code: '123456' }))).toMatchObject(
      {
        code: 'site.not_offered',
        params: { site },
      },
    )
  })

  test('the reason why a phone cannot be bound is reported', async () => {
    const bound = await addMember({ phone })
    const cloudAccount = await addMember({ type: 'CloudAccount' })
    const bind = (memberId: string) => failureOf(cloud().bindPhone({ memberId, phone, code: '123456' }))
    expect((await bind(bound)).code).toBe('phone.already_bound')
    expect((await bind(cloudAccount)).code).toBe('member.type_or_status_unfit')
    expect((await bind('1999999999999999')).code).toBe('member.not_in_directory')
    expect((await failureOf(cloud().member('1999999999999999'))).code).toBe('member.not_found')
    expect((await failureOf(cloud().member('12'))).code).toBe('member.not_found')
  })
})

describe('permissions', () => {
  test('an account without a directory has none', async () => {
    const cloud = cloudFor(persona('no-directory'))
    expect(await cloud.directory()).toBeNull()
    expect((await failureOf(cloud.listMembers({ page: 1 }))).code).toBe('directory.not_managed')
  })

  test('a member account sees whose directory it belongs to', async () => {
    const member = persona('member')
    const directory = await cloudFor(member).directory()
    expect(directory?.managementAccountId).toBe(persona('intl-admin').accountId)
    expect(directory?.managementAccountId).not.toBe(member.accountId)
  })

  test('the root user is recognized', async () => {
    const root = persona('root')
    expect(await cloudFor(root).callerIdentity()).toMatchObject({ type: 'root', name: root.accountId })
    const bind = cloudFor(root).bindPhone({
      memberId: '1999999999999999',
      phone: '65-91230017',
      code: '123456',
    })
    expect((await failureOf(bind)).code).toBe('caller.must_be_management_user')
  })

  test('a missing permission is reported', async () => {
    const reader = cloudFor(persona('read-only'))
    expect((await reader.listMembers({ page: 1, pageSize: 1 })).members).toHaveLength(1)
    const send = reader.sendBindCode({ memberId: '1999999999999999', phone: '65-91230017' })
    expect(await failureOf(send)).toMatchObject({
      code: 'cloud.permission',
      endsSession: false,
      params: {
        action: operations.sendBindCode.ramAction,
        principal: expect.stringMatching(/^\d+$/),
        policyType: 'AccountLevelIdentityBasedPolicy',
      },
    })
  })

  test('a session with the read-only policy reads and changes nothing', async () => {
    const admin = persona('intl-admin')
    const session = await cloudFor(admin).assumeRole({
      roleArn: admin.roleArn ?? '',
      sessionName: 'reader',
      durationSeconds: 900,
      policy: readOnlyPolicy(),
    })
    const cloud = cloudAs({ credentials: session.credentials, site: admin.site, accountId: admin.accountId })
    expect((await cloud.directory())?.managementAccountId).toBe(admin.accountId)
    const send = cloud.sendBindCode({ memberId: '1999999999999999', phone: '65-91230017' })
    expect((await failureOf(send)).params).toMatchObject({
      action: operations.sendBindCode.ramAction,
      principal: 'muster-operator:reader',
      policyType: 'SessionPolicy',
    })
    await sandbox.control.advance(901)
    expect(await failureOf(cloud.directory())).toMatchObject({
      code: 'signin.token_refused',
      fields: { securityToken: 'signin.token_refused' },
      endsSession: true,
    })
  })

  test.each([
    [{ keyId: 'SANDBOX-NOBODY' }, 'signin.key_unknown', 'accessKeyId'],
    [{ secret: 'not-the-secret-of-this-key' }, 'signin.secret_wrong', 'accessKeySecret'],
  ])('wrong keys end the session: %j', async (wrong, code, field) => {
    const failure = await failureOf(cloudFor({ ...persona('intl-admin'), ...wrong }).callerIdentity())
    expect(failure).toMatchObject({ code, endsSession: true, fields: { [field]: code } })
    expect(failure.upstream?.message).toBeUndefined()
  })

  test.each([
    ['acs:ram::5182640937715520:role/nobody', 'signin.role_missing'],
    ['not an arn', 'signin.role_missing'],
    [persona('china-admin').roleArn ?? '', 'signin.role_refused'],
  ])('a role that cannot be assumed: %s', async (roleArn, code) => {
    const input = { roleArn, sessionName: 'somebody', durationSeconds: 900, policy: operatorPolicy() }
    expect(await failureOf(cloudFor(persona('intl-admin')).assumeRole(input))).toMatchObject({
      code,
      fields: { roleArn: code },
      executed: 'no',
    })
  })
})

async function failWith(
  fault: string,
  run: (cloud: Cloud) => Promise<unknown>,
  operation: string,
): Promise<CloudError> {
  await sandbox.control.arm({ operation, fault, times: 5 })
  // Only silence lasts until the deadline.
  return failureOf(run(cloudFor(persona('intl-admin'), fault === 'silent' ? 300 : 10_000)))
}

describe.each(methods)('$row.product $row.operation', ({ row, run }) => {
  test('busy: nothing was executed, nothing is retried', async () => {
    expect(await failWith('throttle', run, row.operation)).toMatchObject({
      code: 'cloud.busy',
      kind: 'busy',
      executed: 'no',
    })
    expect(await callsOf(row.operation)).toEqual(['Throttling.User'])
  })

  test('a vendor fault leaves the outcome unknown', async () => {
    expect(await failWith('unavailable', run, row.operation)).toMatchObject({
      code: 'cloud.unavailable',
      kind: 'silent',
      executed: 'maybe',
    })
    expect(await callsOf(row.operation)).toEqual(['ServiceUnavailable'])
  })

  test('no response: sent only once', async () => {
    expect(await failWith('silent', run, row.operation)).toMatchObject({
      code: 'cloud.silent',
      kind: 'silent',
      executed: 'maybe',
    })
    expect(await callsOf(row.operation)).toEqual(['silent'])
  })

  test('cut off: reads are sent twice, everything else once', async () => {
    expect(await failWith('reset', run, row.operation)).toMatchObject({
      code: 'cloud.silent',
      executed: 'maybe',
    })
    expect(await callsOf(row.operation)).toEqual(row.kind === 'read' ? ['reset', 'reset'] : ['reset'])
  })

  test.each(['html502', 'empty'])('not understood: %s', async (fault) => {
    expect(await failWith(fault, run, row.operation)).toMatchObject({
      code: 'cloud.not_understood',
      kind: 'not_understood',
      executed: 'maybe',
    })
    expect(await callsOf(row.operation)).toEqual([fault])
  })
})

test('if the response is lost after a code was sent, only one code is sent', async () => {
  const [memberId = ''] = await sandbox.control.addMembers('international', [{}])
  const phone = '65-91230018'
  const operation = operations.sendBindCode.operation
  await sandbox.control.arm({ operation, fault: 'reset', effect: true })
  const failure = await failureOf(cloudFor(persona('intl-admin')).sendBindCode({ memberId, phone }))
  expect(failure.executed).toBe('maybe')
  expect(await sandbox.control.messages({ to: phone })).toHaveLength(1)
})
