import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type AuditEntry, listAudit } from '@/lib/audit'
import { openDatabase } from '@/lib/db/open'
import { createServerDatabase, MIGRATIONS_DIR } from '@/lib/db/testing'
import { type ServerProxy, startProxy } from '@/lib/db/testing-proxy'
import type { Operator } from './actor'
import { enableDirectory, getEnableFlow } from './enable'
import { appErrorOf } from './failure'
import { listMembers, refreshMembers } from './members'
import { attachNetwork, detachNetwork, getAttachFlow } from './networks'
import { bindPhone, getBindFlow, sendCode } from './phone'
import { signInAsPersona } from './sign-in/sign-in'
import { startTestConsole, type TestConsole, tokenOf } from './testing'

// The database becomes unavailable while a call to Alibaba Cloud is in flight, and comes back.

const sendOperation = 'SendVerificationCodeForBindSecureMobilePhone'
const bindOperation = 'BindSecureMobilePhone'
const phone = '65-91234567'
const patience = { timeout: 40_000, interval: 100 }
const region = 'ap-southeast-1'

let muster: TestConsole
let proxy: ServerProxy
let wei: Operator

beforeAll(async () => {
  muster = await startTestConsole(
    { MUSTER_CALL_DEADLINE_SECONDS: '8', MUSTER_SETTLE_SECONDS: '60', MUSTER_COOLDOWN_SECONDS: '60' },
    {},
    async () => {
      const server = await createServerDatabase()
      proxy = await startProxy(server.url)
      const openAgain = () => openDatabase({ url: server.url, migrationsDir: MIGRATIONS_DIR })
      const opened = await openDatabase({ url: proxy.url, migrationsDir: MIGRATIONS_DIR })
      const close = async () => {
        await opened.close()
        proxy.close()
        await server.drop()
      }
      return { ...opened, openAgain, close }
    },
  )
  const token = await signedIn('intl-admin')
  await refreshMembers.run(await muster.actorOf(token), {})
  wei = await muster.actorOf(token)
})
afterAll(() => muster.close())

async function signedIn(persona: Parameters<typeof signInAsPersona.run>[1]['persona']): Promise<string> {
  return tokenOf(signInAsPersona.perform(muster.visitor(), { persona }))
}

/** A new actor for each request, as in the console. */
const newRequest = (actor: Operator): Operator => ({ ...actor, requestId: crypto.randomUUID() })

/** Makes a change, disconnects the database once the call has arrived, and reconnects it after the error is returned. */
async function awayDuring(
  act: Promise<unknown>,
  operation: string,
  match: { accountId?: string; caller?: string },
) {
  const failure = act.then(
    () => null,
    (error: unknown) => error,
  )
  const of = {
    operation,
    ...(match.accountId ? { target: match.accountId } : { caller: match.caller ?? '' }),
  }
  await vi.waitFor(async () => expect(await muster.sandbox.calls(of)).toHaveLength(1), patience)
  proxy.away({ open: 'swallow', fresh: 'refuse' })
  const error = appErrorOf(await failure)
  await proxy.back()
  const [call] = await muster.sandbox.calls(of)
  expect(error).toMatchObject({
    code: 'storage.outcome_unsaved',
    params: { outcome: 'accepted', requestId: call?.requestId },
  })
  await vi.waitFor(() => expect(muster.services.outcomes.kept()).toEqual([]), patience)
  expect(await muster.sandbox.calls(of)).toHaveLength(1)
  return call?.requestId ?? ''
}

async function auditOf(actor: Operator, target: string, action: string) {
  const { db } = muster.services
  const rows = await listAudit(db, { accountId: actor.accountId, target, actions: [action] }, { limit: 9 })
  return rows.map(({ outcome, upstreamRequestId }) => ({ outcome, upstreamRequestId }))
}

const closedOnce = (requestId: string) => [
  { outcome: 'accepted', upstreamRequestId: requestId },
  { outcome: 'started', upstreamRequestId: null },
]

test('an accepted send and an accepted bind stay accepted, each with RequestId, expiry and one closing row', async () => {
  const memberId = await muster.newMember()
  const match = { accountId: memberId }
  await getBindFlow.run(wei, { memberId })
  await muster.sandbox.arm({ operation: sendOperation, fault: 'slow:1500', match })
  const sent = await awayDuring(sendCode.run(newRequest(wei), { memberId, phone }), sendOperation, match)
  const afterSend = await getBindFlow.run(wei, { memberId })
  expect(afterSend).toMatchObject({
    step: 'code',
    request: {
      state: 'sent',
      sendOutcome: 'accepted',
      sendRequestId: sent,
      secondsTotal: expect.any(Number),
    },
  })
  // The cool-down counts from the answer, so the time of the outage is part of it.
  expect(afterSend.cooldownSeconds).toBeLessThan(60 - 3)
  expect(await auditOf(wei, memberId, 'phone.send_code')).toEqual(closedOnce(sent))

  const [message] = await muster.sandbox.messages(match)
  const input = { memberId, requestId: afterSend.request?.id ?? '', code: message?.code ?? '' }
  await muster.sandbox.arm({ operation: bindOperation, fault: 'slow:1500', match })
  const bound = await awayDuring(bindPhone.run(newRequest(wei), input), bindOperation, match)
  expect(await getBindFlow.run(wei, { memberId })).toMatchObject({
    step: 'done',
    request: { state: 'applied', applyRequestId: bound },
    member: { phone: 'bound', phoneMasked: '+65-****4567' },
  })
  expect(await auditOf(wei, memberId, 'phone.bind')).toEqual(closedOnce(bound))
})

test('an accepted enabling, attach and detach stay accepted as well', async () => {
  const { account, persona, cenId } = await muster.sandbox.addAccount('international')
  const match = { caller: persona.userName ?? '' }
  const actor = await muster.actorOf(await signedIn(persona.id))
  const [networkId = ''] = await muster.sandbox.addNetworks({ accountId: account.id }, [{}], region)
  const at = { region, networkId }
  await muster.sandbox.arm({ operation: 'EnableResourceDirectory', fault: 'slow:1500', match })
  const enabling = enableDirectory.run(newRequest(actor), { confirmation: account.id })
  const enabled = await awayDuring(enabling, 'EnableResourceDirectory', match)
  expect((await getEnableFlow.run(actor, {})).request).toMatchObject({
    state: 'applied',
    applyRequestId: enabled,
  })
  expect(await auditOf(actor, account.id, 'directory.enable')).toEqual(closedOnce(enabled))

  await muster.sandbox.arm({ operation: 'AttachCen', fault: 'slow:1500', match })
  const attached = await awayDuring(
    attachNetwork.run(newRequest(actor), { ...at, cenId }),
    'AttachCen',
    match,
  )
  expect(await auditOf(actor, networkId, 'network.attach')).toEqual(closedOnce(attached))
  await muster.sandbox.advance(600)
  expect(await getAttachFlow.run(actor, at)).toMatchObject({
    step: 'done',
    request: { applyRequestId: attached },
  })

  await muster.sandbox.arm({ operation: 'DetachCen', fault: 'slow:1500', match })
  const detached = await awayDuring(
    detachNetwork.run(newRequest(actor), { ...at, cenId }),
    'DetachCen',
    match,
  )
  expect(await auditOf(actor, networkId, 'network.detach')).toEqual(closedOnce(detached))
})

test('a call that could not get a turn was not made, and is reported as not sent', async () => {
  const memberId = await muster.newMember()
  await getBindFlow.run(wei, { memberId })
  const { db } = muster.services
  // The ledger is available, the pacer is not.
  await db.execute(sql`alter table rate rename to rate_away`)
  const failed = await sendCode
    .run(newRequest(wei), { memberId, phone })
    .catch((error: unknown) => error)
    .finally(() => db.execute(sql`alter table rate_away rename to rate`))
  expect(failed).toMatchObject({ code: 'cloud.not_sent' })
  expect(await muster.sandbox.calls({ operation: sendOperation, target: memberId })).toEqual([])
  expect(await getBindFlow.run(wei, { memberId })).toMatchObject({ step: 'number', request: null })
  expect((await auditOf(wei, memberId, 'phone.send_code'))[0]).toMatchObject({ outcome: 'failed' })
})

test('an outcome that is already stored is not written twice, and does not undo newer requests', async () => {
  const memberId = await muster.newMember()
  const { ledger, outcomes, db } = muster.services
  const actor = newRequest(wei)
  await sendCode.run(actor, { memberId, phone })
  const subject = { accountId: wei.accountId, operation: 'bind_phone', target: memberId } as const
  const { current } = await ledger.view(subject)
  const id = current?.id ?? ''
  const operator = { operatorId: 'x', operatorName: 'x' }
  const { attempt } = await ledger.beginApply(subject, id, operator)
  const wrong = { kind: 'wrong_code', error: { code: 'code.wrong_or_expired' } } as const
  await ledger.settleApply(subject, id, attempt, wrong)
  await ledger.beginApply(subject, id, operator)
  const audit: AuditEntry = {
    ...{ accountId: subject.accountId, operatorId: 'x', operatorName: 'x', method: null, address: null },
    ...{ action: 'phone.send_code', target: memberId, outcome: 'accepted', correlationId: actor.requestId },
  }
  // Like a spool file that was not emptied because of a crash.
  const again = async (settle: NonNullable<Parameters<typeof outcomes.put>[0]['settle']>) => {
    proxy.away({ open: 'reset', fresh: 'refuse' })
    await expect(
      outcomes.put({ answeredAt: Date.now() - 60_000, settle, audit }, { ahead: true }),
    ).rejects.toThrow()
    await proxy.back()
    await vi.waitFor(() => expect(outcomes.kept()).toEqual([]), patience)
  }
  const before = (await ledger.list(subject, 9))[0]
  await again({
    subject,
    id,
    kind: 'send',
    outcome: {
      kind: 'accepted',
      requestId: current?.sendRequestId ?? '',
      expiresAt: current?.expiresAt ?? null,
    },
  })
  await again({ subject, id, kind: 'use', attempt, outcome: wrong })
  const after = (await ledger.list(subject, 9))[0]
  // All fields except those that measure elapsed time.
  const lasting = (request: object = {}) =>
    Object.entries(request).filter(([name]) => !name.startsWith('seconds'))
  expect(lasting(after)).toEqual(lasting(before))
  expect(after?.state).toBe('applying')
  const rows = await listAudit(db, { ...subject, accountId: subject.accountId }, { limit: 9 })
  expect(rows.filter((row) => row.correlationId === actor.requestId)).toHaveLength(2)
})

test('while the database is unavailable every use case reports it, and recovers automatically', async () => {
  proxy.away({ open: 'close', fresh: 'refuse' })
  const visit = muster.visitor()
  const failures = await Promise.all(
    [
      listMembers.run(wei, { page: 1 }),
      refreshMembers.run(newRequest(wei), {}),
      signInAsPersona.run(visit, { persona: 'intl-admin' }),
    ].map((one: Promise<unknown>) => one.then(() => null, appErrorOf)),
  )
  await proxy.back()
  expect(failures.map((error) => error?.code)).toEqual(Array(3).fill('storage.unavailable'))
  // A change that could not start was certainly not sent. A read makes no such claim, since it knows of no earlier change.
  expect(failures.slice(0, 2).map((error) => error?.params)).toEqual([undefined, { sent: 'no' }])
  await vi.waitFor(async () => expect((await listMembers.run(wei, { page: 1 })).total).toBeGreaterThan(0), {
    timeout: 10_000,
  })
})
