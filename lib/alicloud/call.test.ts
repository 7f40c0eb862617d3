import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Pacer } from './index'
import {
  answer,
  bind,
  clientOf,
  closeServer,
  credentials,
  failureOf,
  memberId,
  openPacer,
  phone,
  wire,
} from './wire.fixture'

const requestId = 'C0FFEE00-1111-4222-8333-444455556666'

function refusal(status: number, code: string, more: object = {}) {
  return answer(status, {
    RequestId: requestId,
    HostId: 'host',
    Code: code,
    Message: 'Vendor text.',
    ...more,
  })
}

/** A host and port where nothing listens. */
async function freeHost(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await closeServer(server)
  return `127.0.0.1:${port}`
}

describe('refused', () => {
  test('a known code carries its field and the request id, but no vendor message', async () => {
    const { cloud, received } = await wire(refusal(409, 'Invalid.VerificationCode'))
    expect(await failureOf(bind(cloud))).toMatchObject({
      code: 'code.wrong_or_expired',
      kind: 'refused',
      executed: 'no',
      endsSession: false,
      retryable: false,
      fields: { code: 'code.wrong_or_expired' },
      upstream: {
        product: 'ResourceManager',
        operation: 'BindSecureMobilePhone',
        code: 'Invalid.VerificationCode',
        requestId,
        message: undefined,
      },
    })
    expect(received).toEqual(['BindSecureMobilePhone'])
  })

  test('an unknown code is passed on unchanged, with its message', async () => {
    const { cloud } = await wire(refusal(409, 'Some.NewCode'))
    expect(await failureOf(bind(cloud))).toMatchObject({
      code: 'cloud.refused',
      kind: 'refused',
      executed: 'no',
      upstream: { code: 'Some.NewCode', message: 'Vendor text.', requestId },
    })
  })

  test('secrets are removed from a vendor message that repeats the request', async () => {
    const text = `bad: ${phone}, 6591234567, 91234567, 004217, ${credentials.securityToken}`
    const { cloud } = await wire(refusal(400, 'Some.NewCode', { Message: text }))
    const failure = await failureOf(bind(cloud))
    expect(failure.upstream?.message).toBe('bad: •••, •••, •••, •••, •••')
  })

  test.each([
    ['SignatureDoesNotMatch', 'signin.secret_wrong', true],
    ['IncompleteSignature', 'cloud.call_malformed', false],
  ])('the message of %s is dropped', async (vendorCode, ours, endsSession) => {
    const text = 'server string to sign is:POST&%2F&SecureMobilePhone%3D65-9…'
    const { cloud } = await wire(refusal(400, vendorCode, { Message: text }))
    const failure = await failureOf(bind(cloud))
    expect(failure).toMatchObject({ code: ours, endsSession })
    expect(failure.upstream?.message).toBeUndefined()
  })

  test('a missing permission is reported as Alibaba Cloud names it', async () => {
    const detail = {
      AuthAction: 'resourcemanager:GetAccount',
      AuthPrincipalType: 'AssumedRoleUser',
      AuthPrincipalDisplayName: 'muster-operator:mei',
      NoPermissionType: 'ImplicitDeny',
      PolicyType: 'SessionPolicy',
      EncodedDiagnosticMessage: 'AQE',
    }
    const { cloud } = await wire(refusal(403, 'NoPermission', { AccessDeniedDetail: detail }))
    expect(await failureOf(cloud.member(memberId))).toMatchObject({
      code: 'cloud.permission',
      params: {
        action: 'resourcemanager:GetAccount',
        principal: 'muster-operator:mei',
        policyType: 'SessionPolicy',
        denial: 'ImplicitDeny',
      },
    })
  })

  test('with a 5xx status the outcome is unknown, whatever the code', async () => {
    for (const vendorCode of [
      'AccountSecureMobileAlreadyExists',
      'Invalid.VerificationCode',
      'Some.NewCode',
    ]) {
      const { cloud } = await wire(refusal(500, vendorCode))
      const failure = await failureOf(bind(cloud))
      expect(failure).toMatchObject({
        code: 'cloud.unavailable',
        executed: 'maybe',
        params: { call: 'change' },
      })
      expect(failure.fields).toBeUndefined()
    }
  })

  test('without details, the missing permission is that of the operation', async () => {
    const { cloud } = await wire(refusal(403, 'Forbidden.RAM'))
    const failure = await failureOf(cloud.sendBindCode({ memberId, phone }))
    expect(failure.params).toEqual({
      action: 'resourcemanager:SendVerificationCodeForBindSecureMobilePhone',
      principal: 'unknown',
      denial: 'unknown',
      policyType: 'unknown',
    })
  })

  test('a refused country code carries the site of the caller', async () => {
    const { cloudFor } = await wire(refusal(409, 'InvalidParameter.MobileCountryCode'))
    const cloud = cloudFor({ credentials, site: 'china', accountId: null })
    expect(await failureOf(cloud.sendBindCode({ memberId, phone }))).toMatchObject({
      code: 'phone.country_not_allowed',
      params: { site: 'china' },
      fields: { phone: 'phone.country_not_allowed' },
    })
  })

  test('the field names of an older gateway are understood', async () => {
    const { cloud } = await wire(answer(404, { code: 'EntityNotExists.Account', message: 'x', requestId }))
    expect(await failureOf(cloud.member(memberId))).toMatchObject({
      code: 'member.not_found',
      upstream: { code: 'EntityNotExists.Account', requestId },
    })
  })
})

describe('malformed keys are not sent', () => {
  test.each([
    [{ accessKeyId: 'LTAI5tRealLookingKey' }, 'signin.sandbox_keys_only', 'accessKeyId'],
    [{ accessKeyId: 'SANDBOX-line\nbreak' }, 'signin.key_unknown', 'accessKeyId'],
    [{ accessKeySecret: 'übel' }, 'signin.secret_wrong', 'accessKeySecret'],
    [{ securityToken: 'line\nbreak' }, 'signin.token_refused', 'securityToken'],
  ])('%j', async (wrong, expected, field) => {
    const { cloudFor, received } = await wire(answer(200, {}))
    const cloud = cloudFor({ credentials: { ...credentials, ...wrong }, site: 'china', accountId: null })
    expect(await failureOf(cloud.callerIdentity())).toMatchObject({
      code: expected,
      kind: 'refused',
      executed: 'no',
      endsSession: true,
      fields: { [field]: expected },
    })
    expect(received).toEqual([])
  })
})

describe('busy', () => {
  test.each([400, 429, 503])(
    'throttling is recognized by its code, at status %i, and pauses everyone',
    async (status) => {
      const { pacer, pushedBack } = openPacer()
      const { cloud, received } = await wire(refusal(status, 'Throttling.User'), { pacer })
      expect(await failureOf(bind(cloud))).toMatchObject({
        code: 'cloud.busy',
        kind: 'busy',
        executed: 'no',
        retryable: true,
        params: { seconds: 5 },
      })
      expect(pushedBack).toEqual([
        { key: 'ResourceManager:BindSecureMobilePhone:1000000000000001', seconds: 1 },
      ])
      expect(received).toHaveLength(1)
    },
  )

  test.each([
    [400, 'Rejected.Throttling', 'cloud.busy'],
    [429, 'Rejected.Throttling', 'cloud.busy'],
    [503, 'Throttling.Resource', 'cloud.busy'],
    [429, 'NobodyListsThis', 'cloud.busy'],
    [429, 'ConcurrentCallNotSupported', 'cloud.other_change_running'],
    [409, 'ConcurrentCallNotSupported', 'cloud.other_change_running'],
    [500, 'ConcurrentCallNotSupported', 'cloud.other_change_running'],
    [409, 'NotSupportedOperation.PreCheckingAccount', 'member.deletion_check_running'],
  ] as const)('%i %s is retryable, not a refusal', async (status, code, meaning) => {
    const { cloud } = await wire(refusal(status, code))
    expect(await failureOf(bind(cloud))).toMatchObject({
      code: meaning,
      kind: 'busy',
      executed: 'no',
      retryable: true,
      params: { seconds: 5 },
      upstream: { code },
    })
  })

  test('a known code keeps its meaning at status 429', async () => {
    const { cloud } = await wire(refusal(429, 'Invalid.VerificationCode'))
    expect(await failureOf(bind(cloud))).toMatchObject({ code: 'code.wrong_or_expired', kind: 'refused' })
  })

  test.each([
    ['ServiceUnavailable', 503],
    ['Rejected.Something', 500],
    ['Rejected.Something', 502],
  ])('%s at status %i is not retryable as "busy": the outcome is unknown', async (code, status) => {
    const { cloud } = await wire(refusal(status, code))
    expect(await failureOf(bind(cloud))).toMatchObject({
      code: 'cloud.unavailable',
      kind: 'silent',
      executed: 'maybe',
    })
  })

  test.each(['IllegalTimestamp', 'InvalidTimeStamp.Expired', 'InvalidTimestamp.Expired'])(
    '%s means that the clock is wrong',
    async (code) => {
      const { cloud } = await wire(refusal(400, code))
      expect((await failureOf(bind(cloud))).code).toBe('cloud.clock_wrong')
    },
  )

  test('if the pacer fails, the call is not sent and is reported as not sent', async () => {
    const { pacer } = openPacer()
    const broken = { ...pacer, pace: () => Promise.reject(new Error('no database')) }
    const { cloud, received } = await wire(answer(200, {}), { pacer: broken })
    const failure = await failureOf(bind(cloud))
    expect(failure).toMatchObject({ code: 'cloud.not_sent', executed: 'no', cause: new Error('no database') })
    expect(received).toEqual([])
  })

  test('a failing push-back does not hide the original error', async () => {
    const { pacer } = openPacer()
    const failing = { ...pacer, pushBack: () => Promise.reject(new Error('no database')) }
    const { cloud } = await wire(refusal(400, 'Throttling'), { pacer: failing })
    expect((await failureOf(bind(cloud))).code).toBe('cloud.busy')
  })

  test('a throttled read is not retried', async () => {
    const { cloud, received } = await wire(refusal(400, 'Throttling'))
    expect((await failureOf(cloud.member(memberId))).kind).toBe('busy')
    expect(received).toHaveLength(1)
  })

  test('a call that gets no turn is not sent and pauses no one', async () => {
    const { pacer, pushedBack } = openPacer()
    const full = { ...pacer, pace: async () => 'busy' as const }
    const { cloud, received } = await wire(answer(200, {}), { pacer: full })
    expect(await failureOf(bind(cloud))).toMatchObject({ code: 'cloud.busy', kind: 'busy', executed: 'no' })
    expect(received).toEqual([])
    expect(pushedBack).toEqual([])
  })

  test('64 calls run at once; one more waits for a slot, then fails as busy', async () => {
    const held: Array<() => void> = []
    let open = false
    const { cloud, received } = await wire(
      (request, response) => {
        const reply = () => answer(200, { RequestId: requestId })(request, response)
        if (open) reply()
        else held.push(reply)
      },
      { maxWaitMs: 50, deadlineMs: 60_000 },
    )
    const running = Array.from({ length: 65 }, () => bind(cloud))
    // No call has been answered yet, so the one that settles is the one without a slot.
    expect(await failureOf(Promise.race(running))).toMatchObject({ kind: 'busy', executed: 'no' })
    open = true
    for (const reply of held) reply()
    const outcomes = await Promise.allSettled(running)
    expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(64)
    expect(received).toHaveLength(64)
    expect(await bind(cloud)).toEqual({ requestId })
  })

  test('during shutdown, changes are not sent, not even after waiting for their turn; reads are', async () => {
    let mayBegin = true
    const pacer: Pacer = {
      pace: async () => {
        mayBegin = false
        return 'go'
      },
      pushBack: async () => {},
    }
    const { cloud, received } = await wire(answer(404, { Code: 'EntityNotExists.Account' }), {
      pacer,
      mayBegin: () => mayBegin,
    })
    for (const call of [() => bind(cloud), () => cloud.sendBindCode({ memberId, phone })]) {
      mayBegin = true
      expect(await failureOf(call())).toMatchObject({ code: 'cloud.busy', kind: 'busy', executed: 'no' })
    }
    expect(received).toEqual([])
    expect((await failureOf(cloud.member(memberId))).code).toBe('member.not_found')
    expect(received).toEqual(['GetAccount'])
  })
})

describe('pacing', () => {
  const account = answer(200, { RequestId: requestId })

  test('turns are requested per operation and account, at the documented limit, within the maximum wait', async () => {
    const { pacer, asked } = openPacer()
    const { cloud } = await wire(account, { pacer, maxWaitMs: 700, stalledMaxMs: 5000 })
    await bind(cloud)
    expect(asked).toEqual([
      {
        key: 'ResourceManager:BindSecureMobilePhone:1000000000000001',
        perSecond: 20,
        maxWaitMs: expect.any(Number),
        stalledMaxMs: expect.any(Number),
      },
    ])
    expect(asked[0]?.maxWaitMs).toBeLessThanOrEqual(700)
    expect(asked[0]?.stalledMaxMs).toBeLessThanOrEqual(5000)
    expect((asked[0]?.stalledMaxMs ?? 0) - (asked[0]?.maxWaitMs ?? 0)).toBeCloseTo(4300)
  })

  test('while the account is unknown, the key id replaces it', async () => {
    const { pacer, asked } = openPacer()
    const { cloudFor } = await wire(account, { pacer })
    await bind(cloudFor({ credentials, site: 'china', accountId: null }))
    expect(asked[0]?.key).toBe('ResourceManager:BindSecureMobilePhone:STS.wire-test')
  })

  test('STS is not paced', async () => {
    const { pacer, asked, pushedBack } = openPacer()
    const { cloud } = await wire(refusal(400, 'Throttling.User'), { pacer })
    expect((await failureOf(cloud.callerIdentity())).kind).toBe('busy')
    expect([asked, pushedBack]).toEqual([[], []])
  })
})

describe('silent', () => {
  test('a body that trickles in forever is cut off at the deadline, also on a reused connection', async () => {
    // The SDK's timers do not fire while data arrives, and the first call's timer disables the second's.
    const { cloud, received } = await wire(
      (request, response) => {
        if (received.length === 1) return answer(200, { RequestId: requestId })(request, response)
        response.writeHead(200, { 'content-type': 'application/json' })
        const drip = setInterval(() => response.write(' '), 20)
        response.on('close', () => clearInterval(drip))
      },
      { deadlineMs: 300 },
    )
    await bind(cloud)
    expect(await failureOf(bind(cloud))).toMatchObject({
      code: 'cloud.silent',
      kind: 'silent',
      executed: 'maybe',
      upstream: { product: 'ResourceManager', operation: 'BindSecureMobilePhone' },
    })
    expect(received).toHaveLength(2)
  })

  test('an answered call leaves no timer that would keep the process alive', async () => {
    const { cloud } = await wire(answer(200, { RequestId: requestId }), { deadlineMs: 600_000 })
    const set = vi.spyOn(globalThis, 'setTimeout')
    const clear = vi.spyOn(globalThis, 'clearTimeout')
    onTestFinished(() => {
      vi.restoreAllMocks()
    })
    await bind(cloud)
    const long = set.mock.results.filter((_, index) => set.mock.calls[index]?.[1] === 600_000)
    const holding = long.map(({ value }) => value).filter((timer) => timer.hasRef())
    expect(holding).toHaveLength(1)
    for (const timer of holding) expect(clear).toHaveBeenCalledWith(timer)
  })

  test.each([
    ['no response', () => {}],
    [
      'a body that stalls',
      (_: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"RequestId":')
      },
    ],
    ['a connection cut before the response', (request: IncomingMessage) => request.socket.resetAndDestroy()],
    [
      'a connection cut during the response',
      (request: IncomingMessage, response: ServerResponse) => {
        response
          .writeHead(200, { 'content-length': '99' })
          .write('{"RequestId":', () => request.socket.destroy())
      },
    ],
  ])('%s: the outcome of a change is unknown, and it is sent only once', async (_, handler) => {
    const { cloud, received } = await wire(handler, { deadlineMs: 300 })
    expect(await failureOf(bind(cloud))).toMatchObject({
      code: 'cloud.silent',
      kind: 'silent',
      executed: 'maybe',
    })
    expect(received).toHaveLength(1)
  })

  test.each([
    [503, 'ServiceUnavailable', 'cloud.unavailable'],
    [500, 'InternalError', 'cloud.unavailable'],
    [400, 'UnknownError', 'cloud.unavailable'],
    [502, 'Some.NewCode', 'cloud.unavailable'],
  ])('%i %s leaves the outcome unknown', async (status, vendorCode, ours) => {
    const { cloud } = await wire(refusal(status, vendorCode))
    expect(await failureOf(bind(cloud))).toMatchObject({
      code: ours,
      kind: 'silent',
      executed: 'maybe',
      retryable: true,
      upstream: { code: vendorCode, requestId },
    })
  })

  test('a refused connection means that nothing was sent', async () => {
    const { cloud } = clientOf(await freeHost())
    expect(await failureOf(bind(cloud))).toMatchObject({
      code: 'cloud.unreachable',
      kind: 'silent',
      executed: 'no',
      retryable: true,
      wire: { code: 'ECONNREFUSED' },
    })
  })
})

describe('not understood', () => {
  test.each<[string, Parameters<typeof wire>[0]]>([
    [
      'a proxy page',
      (_, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad</h1>'),
    ],
    ['an empty 200', (_, response) => response.writeHead(200).end()],
    ['a redirect', (_, response) => response.writeHead(302, { location: 'http://localhost/' }).end()],
    ['a list', answer(200, [])],
    ['null', answer(200, null)],
    ['an error without a code', answer(400, { RequestId: requestId, Message: 'x' })],
    ['a success without its fields', answer(200, {})],
    ['a 200 with Success: false', answer(200, { RequestId: requestId, Success: false })],
    ['a 200 with an error code', answer(200, { RequestId: requestId, Code: 'Some.Code', Message: phone })],
    ['not HTTP', (request) => request.socket.end('hello\r\n\r\n')],
  ])('%s', async (_, handler) => {
    const { cloud, received } = await wire(handler)
    expect(await failureOf(bind(cloud))).toMatchObject({
      code: 'cloud.not_understood',
      kind: 'not_understood',
      executed: 'maybe',
      endsSession: false,
    })
    expect(received).toHaveLength(1)
  })

  test('the request id is kept if there is one', async () => {
    const { cloud } = await wire(answer(200, { RequestId: requestId, Account: { AccountId: 12 } }))
    expect((await failureOf(cloud.member(memberId))).upstream?.requestId).toBe(requestId)
  })

  test('a numeric id is rejected: it may have been rounded', async () => {
    const { cloud } = await wire(
      answer(200, {
        AccountId: 1234567890123456,
        PrincipalId: '1',
        Arn: 'acs:ram::1:root',
        IdentityType: 'Account',
      }),
    )
    expect((await failureOf(cloud.callerIdentity())).kind).toBe('not_understood')
  })
})

describe('retries', () => {
  const folders = { RequestId: requestId, TotalCount: 0, Folders: { Folder: [] } }

  test('a read is retried if the connection was cut', async () => {
    const { pacer, asked } = openPacer()
    const { cloud, received } = await wire(
      (request, response) => {
        if (received.length === 1) request.socket.resetAndDestroy()
        else answer(200, folders)(request, response)
      },
      { pacer },
    )
    expect(await cloud.listFolders({ parentId: null, page: 1 })).toEqual({
      total: 0,
      received: 0,
      folders: [],
    })
    expect(received).toHaveLength(2)
    expect(asked).toHaveLength(2)
  })

  test('a read is retried only once', async () => {
    const { cloud, received } = await wire((request) => request.socket.resetAndDestroy())
    expect(await failureOf(cloud.listFolders({ parentId: null, page: 1 }))).toMatchObject({
      code: 'cloud.silent',
    })
    expect(received).toHaveLength(2)
  })

  test('a read is not retried once it was answered, whatever the response', async () => {
    const { cloud, received } = await wire(refusal(503, 'ServiceUnavailable'))
    await failureOf(cloud.listFolders({ parentId: null, page: 1 }))
    expect(received).toHaveLength(1)
  })

  test('a read that times out is not retried', async () => {
    const { cloud, received } = await wire(() => {}, { deadlineMs: 200 })
    await failureOf(cloud.member(memberId))
    expect(received).toHaveLength(1)
  })

  test('neither a change nor AssumeRole is ever retried', async () => {
    const { cloud, received } = await wire((request) => request.socket.resetAndDestroy())
    await failureOf(bind(cloud))
    await failureOf(cloud.sendBindCode({ memberId, phone }))
    await failureOf(
      cloud.assumeRole({
        roleArn: 'acs:ram::1:role/r',
        sessionName: 'me',
        durationSeconds: 900,
        policy: '{}',
      }),
    )
    expect(received).toEqual([
      'BindSecureMobilePhone',
      'SendVerificationCodeForBindSecureMobilePhone',
      'AssumeRole',
    ])
  })
})
