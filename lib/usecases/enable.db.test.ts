import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listAudit } from '@/lib/audit'
import type { EnableFlow } from '@/lib/contract/enable'
import type { Operator } from './actor'
import {
  discardEnableCode,
  enableDirectory,
  getEnableFlow,
  reconcileDirectory,
  sendEnableCode,
  tryEnable,
} from './enable'
import { listMembers, refreshMembers } from './members'
import { signInAsPersona } from './sign-in/sign-in'
import { failureOf, startTestConsole, type TestConsole } from './testing'

const ventures = '5930174486201845'
const phone = '65-91234567'
const namePrefix = 'ventures-admin'
const inFlightTimeoutSeconds = 5

let muster: TestConsole
let oliver: Operator

beforeAll(async () => {
  muster = await startTestConsole()
})
afterAll(() => muster.close())
beforeEach(async () => {
  await muster.sandbox.reset()
  await muster.services.ledger.forgetAll()
  oliver = await muster.signedInAs('no-directory')
})

async function newestCode(): Promise<string> {
  const [newest] = await muster.sandbox.messages({ accountId: ventures })
  if (!newest) throw new Error('no message')
  return newest.code
}

function idOf(flow: EnableFlow): string {
  if (!flow.request) throw new Error('no request')
  return flow.request.id
}

async function asked(input: { phone?: string } = { phone }) {
  const flow = await sendEnableCode.run(oliver, { namePrefix, ...input })
  return { requestId: idOf(flow), code: await newestCode() }
}

const confirmed = { confirmation: ventures }
const callsOf = async (operation: string) =>
  (await muster.sandbox.calls({ operation })).map(({ product, outcome }) => ({ product, outcome }))

async function audit() {
  const rows = await listAudit(muster.services.db, { accountId: ventures, target: ventures }, { limit: 5 })
  return rows.map(({ action, outcome }) => ({ action, outcome })).reverse()
}

describe('with the current account', () => {
  test('a dry run changes nothing; enabling makes it the management account, and its operators stay signed in', async () => {
    const colleague = await muster.signedInAs('no-directory')
    expect(await getEnableFlow.run(oliver, {})).toMatchObject({
      step: 'choose',
      blockedReason: null,
      request: null,
    })
    expect((await tryEnable.run(oliver, {})).requestId).toBeTruthy()
    expect(await oliver.cloud.directory()).toBeNull()
    expect(await callsOf('EnableResourceDirectory')).toEqual([
      { product: 'ResourceDirectoryMaster', outcome: 'OK' },
    ])

    const { output: done, effect } = await enableDirectory.perform(oliver, confirmed)
    expect(effect).toBeNull()
    expect(done).toMatchObject({
      step: 'done',
      intent: { mode: 'current', namePrefix: null },
      request: { requiresCode: false, state: 'applied' },
      directory: { managementAccountId: ventures },
    })
    expect(done.request?.applyRequestId).toBeTruthy()
    expect(await audit()).toEqual([
      { action: 'directory.dry_run', outcome: 'started' },
      { action: 'directory.dry_run', outcome: 'accepted' },
      { action: 'directory.enable', outcome: 'started' },
      { action: 'directory.enable', outcome: 'accepted' },
      { action: 'session.adopt_directory', outcome: 'accepted' },
    ])

    for (const actor of [oliver, colleague]) {
      const now = await muster.actorAgain(actor)
      expect(now.session).toMatchObject({ directoryId: done.directory?.directoryId, mayList: false })
      await refreshMembers.run(now, {})
      expect(await listMembers.run(now, { page: 1 })).toMatchObject({ total: 0 })
      expect(await getEnableFlow.run(now, {})).toMatchObject({ step: 'done' })
      expect((await failureOf(enableDirectory, now, confirmed)).code).toBe('directory.exists')
    }
  })

  test('nothing happens unless the account ID is typed in', async () => {
    for (const confirmation of ['', 'yes', '5182640937715520']) {
      expect(await failureOf(enableDirectory, oliver, { confirmation })).toMatchObject({
        code: 'enable.confirmation_wrong',
        fields: { confirmation: 'enable.confirmation_wrong' },
      })
    }
    expect(await callsOf('EnableResourceDirectory')).toEqual([])
  })

  test.each([
    [{ enterpriseVerified: false }, 'account.enterprise_unverified'],
    [{ enterpriseName: null }, 'account.enterprise_name_missing'],
  ] as const)('for an account with %o, the dry run and enabling report the reason', async (facts, code) => {
    await muster.sandbox.changeAccount(ventures, facts)
    expect((await failureOf(tryEnable, oliver, {})).code).toBe(code)
    expect((await failureOf(enableDirectory, oliver, confirmed)).code).toBe(code)
    expect(await getEnableFlow.run(oliver, {})).toMatchObject({
      step: 'choose',
      request: null,
      refused: { what: 'apply', error: { code }, byYou: true },
    })
    await muster.sandbox.changeAccount(ventures, {
      enterpriseVerified: true,
      enterpriseName: 'Harbour Ventures',
    })
    expect(await enableDirectory.run(oliver, confirmed)).toMatchObject({ step: 'done' })
  })

  test('concurrent clicks make one call', async () => {
    const results = await Promise.allSettled([1, 2, 3].map(() => enableDirectory.run(oliver, confirmed)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await callsOf('EnableResourceDirectory')).toHaveLength(1)
  })

  test.each([true, false])(
    'without an answer, reconciliation finds whether it took effect (%s)',
    async (effect) => {
      await muster.sandbox.arm({
        operation: 'ResourceManager/EnableResourceDirectory',
        fault: 'silent',
        effect,
      })
      expect(await enableDirectory.run(oliver, confirmed)).toMatchObject({ step: 'checking' })
      if (!effect) {
        expect(await getEnableFlow.run(oliver, {})).toMatchObject({ step: 'checking' })
        expect((await failureOf(enableDirectory, oliver, confirmed)).code).toBe('apply.outcome_unknown')
      }
      await muster.sandbox.advance(inFlightTimeoutSeconds + 1)
      expect(await reconcileDirectory.run(oliver, {})).toMatchObject(
        effect
          ? { step: 'done', request: { applyRequestId: null, reconcileResult: 'done' } }
          : { step: 'choose', request: null, refused: { what: 'not_done' } },
      )
      expect(await callsOf('EnableResourceDirectory')).toHaveLength(1)
    },
  )
})

describe('with a new management account', () => {
  test.each([
    ['to a number', { phone }, '+65-****4567', phone],
    ['to the account’s own phone', {}, null, undefined],
  ] as const)('code %s, enabled, and the account becomes a member', async (_, input, masked, to) => {
    const colleague = await muster.signedInAs('no-directory')
    const sent = await sendEnableCode.run(oliver, { namePrefix, ...input })
    expect(sent).toMatchObject({
      step: 'code',
      intent: { mode: 'new', namePrefix },
      request: { state: 'sent', numberMasked: masked, expiresAt: null, secondsLeft: null },
      sentToday: 1,
    })
    const [message] = await muster.sandbox.messages({ accountId: ventures })
    if (to) expect(message?.to).toBe(to)
    const requestId = idOf(sent)
    const code = message?.code ?? ''
    expect((await tryEnable.run(oliver, { requestId, code })).requestId).toBeTruthy()
    expect(await getEnableFlow.run(oliver, {})).toMatchObject({ step: 'code', request: { attemptsLeft: 10 } })

    const enabling = enableDirectory.perform(oliver, { requestId, code, ...confirmed })
    const { output: done, effect } = await enabling
    expect(effect).toEqual({ kind: 'endSession' })
    expect(done).toMatchObject({
      step: 'done',
      blockedReason: 'member',
      directory: { managementAccountName: `${namePrefix}@rdadmin.aliyunid.com` },
    })
    const managing = done.directory?.managementAccountId
    expect(managing).not.toBe(ventures)
    // Operators of a member account cannot use this console; sign-in names the management account.
    for (const actor of [oliver, colleague])
      await expect(muster.actorAgain(actor)).rejects.toThrow('signin.ended')
    const refused = await failureOf(signInAsPersona, muster.visitor(), { persona: 'no-directory' })
    expect(refused).toMatchObject({
      code: 'signin.not_management_account',
      params: { managementAccount: managing },
    })
    const newcomer = await muster.signedInAs(`ma-${namePrefix}`)
    expect(newcomer.session).toMatchObject({ accountId: managing, directoryId: done.directory?.directoryId })
    await refreshMembers.run(newcomer, {})
    expect((await listMembers.run(newcomer, { page: 1 })).rows.map(({ id }) => id)).toEqual([ventures])
  })

  test('the new account is shown if MUSTER_ACCOUNTS does not include it', async () => {
    const { services } = oliver
    const listing = (...accounts: string[]) => ({
      ...oliver,
      services: { ...services, config: { ...services.config, accounts } },
    })
    const { requestId, code } = await asked()
    expect(await getEnableFlow.run(listing(ventures), {})).toMatchObject({ accountToAllow: null })
    const done = await enableDirectory.run(listing(ventures), { requestId, code, ...confirmed })
    const managing = done.directory?.managementAccountId ?? ''
    expect(done).toMatchObject({ step: 'done', accountToAllow: managing })
    // Its users may sign in without a list, or if the list includes the account.
    for (const actor of [oliver, listing(ventures, managing)])
      expect(await getEnableFlow.run(actor, {})).toMatchObject({ accountToAllow: null })
  })

  test('an incorrect code costs an attempt in the dry run and in enabling', async () => {
    const { requestId, code } = await asked()
    const wrong = code === '000000' ? '111111' : '000000'
    expect(await failureOf(tryEnable, oliver, { requestId, code: wrong })).toMatchObject({
      code: 'code.wrong_or_expired',
      params: { attemptsLeft: 9 },
    })
    expect(await failureOf(enableDirectory, oliver, { requestId, code: wrong, ...confirmed })).toMatchObject({
      code: 'code.wrong_or_expired',
      params: { attemptsLeft: 8 },
    })
    expect(await enableDirectory.run(oliver, { requestId, code, ...confirmed })).toMatchObject({
      step: 'done',
    })
  })

  test('a name that is already in use can be corrected without another send', async () => {
    const { requestId, code } = await asked()
    const fault = 'code:InvalidParameter.ManagementAccountName.AlreadyUsed'
    await muster.sandbox.arm({ operation: 'ResourceManager/EnableResourceDirectory', fault })
    expect(await failureOf(enableDirectory, oliver, { requestId, code, ...confirmed })).toMatchObject({
      code: 'enable.name_taken',
      fields: { namePrefix: 'enable.name_taken' },
    })
    const again = { requestId, code, ...confirmed, namePrefix: 'another-admin' }
    expect(await enableDirectory.run(oliver, again)).toMatchObject({
      step: 'done',
      intent: { namePrefix: 'another-admin' },
      directory: { managementAccountName: 'another-admin@rdadmin.aliyunid.com' },
    })
    expect(await callsOf('SendVerificationCodeForEnableRD')).toHaveLength(1)
  })

  test('a name without a code is invalid input', async () => {
    for (const useCase of [enableDirectory, tryEnable]) {
      const parsed = useCase.endpoint.input.safeParse({ namePrefix, ...confirmed })
      expect(parsed.error?.issues).toMatchObject([{ path: ['code'], message: 'code.empty' }])
    }
  })

  test('text entered instead of the account ID is in no audit row', async () => {
    const { requestId, code } = await asked()
    const wrong = await failureOf(enableDirectory, oliver, { requestId, code, confirmation: code })
    expect(wrong.code).toBe('enable.confirmation_wrong')
    const rows = await listAudit(muster.services.db, { accountId: ventures }, { limit: 500 })
    expect(rows.map(({ action }) => action)).toContain('directory.enable')
    for (const { detail } of rows) expect(Object.values(detail ?? {})).not.toContain(code)
  })

  test('a number of the other site is refused before any call', async () => {
    const refused = await failureOf(sendEnableCode, oliver, { namePrefix, phone: '86-13812345678' })
    expect(refused).toMatchObject({ code: 'phone.country_not_allowed', fields: { phone: refused.code } })
    expect(await callsOf('SendVerificationCodeForEnableRD')).toEqual([])
  })

  test('a number without a name is invalid input', async () => {
    const refused = await failureOf(sendEnableCode, oliver, { phone })
    expect(refused).toMatchObject({ code: 'input.invalid', fields: { namePrefix: 'namePrefix.empty' } })
  })

  test('without a number, the account must have its own phone', async () => {
    await muster.sandbox.changeAccount(ventures, { phone: null })
    expect((await failureOf(sendEnableCode, oliver, { namePrefix })).code).toBe('account.phone_missing')
    expect(await getEnableFlow.run(oliver, {})).toMatchObject({ step: 'choose', refused: { what: 'send' } })
  })

  test('of two operators with different phones, the second is shown whose code is valid', async () => {
    await sendEnableCode.run(oliver, { namePrefix, phone, seen: null })
    const noor: typeof oliver = { ...oliver, operatorId: 'noor', operatorName: 'noor.haddad' }
    expect(await failureOf(sendEnableCode, noor, { namePrefix, seen: null })).toMatchObject({
      code: 'send.other_first',
      params: {
        operation: 'enable_directory',
        name: oliver.operatorName,
        counts: '+65-****4567',
        unused: 'none',
      },
    })
    expect(await callsOf('SendVerificationCodeForEnableRD')).toHaveLength(1)
  })

  test('cool-down, resend, discard', async () => {
    const { requestId, code } = await asked()
    expect((await failureOf(sendEnableCode, oliver, {})).code).toBe('send.cooling_down')
    await muster.sandbox.advance(60)
    const again = await sendEnableCode.run(oliver, {})
    expect(again).toMatchObject({ sendNumber: 2, sentToday: 2, request: { numberMasked: '+65-****4567' } })
    const old = await failureOf(enableDirectory, oliver, { requestId, code, ...confirmed })
    expect(old.code).toBe('code.request_closed')
    expect(await discardEnableCode.run(oliver, { requestId: idOf(again) })).toMatchObject({
      step: 'choose',
      request: null,
    })
  })

  test.each([true, false])(
    'without an answer, reconciliation finds whether it took effect (%s)',
    async (effect) => {
      const { requestId, code } = await asked()
      await muster.sandbox.arm({
        operation: 'ResourceManager/EnableResourceDirectory',
        fault: 'reset',
        effect,
      })
      const unknown = await enableDirectory.run(oliver, { requestId, code, ...confirmed })
      expect(unknown).toMatchObject({ step: 'checking' })
      await muster.sandbox.advance(inFlightTimeoutSeconds + 1)
      const found = await reconcileDirectory.perform(oliver, {})
      expect(found.effect).toEqual(effect ? { kind: 'endSession' } : null)
      expect(found.output).toMatchObject(
        effect
          ? { step: 'done', blockedReason: 'member' }
          : { step: 'code', request: { reconcileResult: 'not_done' } },
      )
      if (effect) await expect(muster.actorAgain(oliver)).rejects.toThrow('signin.ended')
      else
        expect(await enableDirectory.run(oliver, { requestId, code, ...confirmed })).toMatchObject({
          step: 'done',
        })
    },
  )

  test.each([
    ['with the current account', 'managing', { mode: 'current' }],
    [
      'with a new account of another name',
      'member',
      { mode: 'new', accountName: 'another@rdadmin.aliyunid.com' },
    ],
  ] as const)(
    'a directory enabled meanwhile, %s, does not count as this one',
    async (_, blockedReason, plan) => {
      const { requestId, code } = await asked()
      await muster.sandbox.arm({ operation: 'ResourceManager/EnableResourceDirectory', fault: 'silent' })
      await enableDirectory.run(oliver, { requestId, code, ...confirmed })
      await oliver.cloud.enableDirectory(plan.mode === 'new' ? { ...plan, phone, code } : plan)
      // A directory that the account manages is certainly another one. If it is a member, only the name can tell.
      const request =
        blockedReason === 'managing'
          ? { state: 'sent', reconcileResult: 'not_done' }
          : { state: 'apply_unknown', reconcileResult: null }
      expect(await reconcileDirectory.run(oliver, {})).toMatchObject({
        step: 'blocked',
        blockedReason,
        request,
      })
    },
  )

  test('the first to find that the account is a member writes one audit row about the ended sessions', async () => {
    const colleague = await muster.signedInAs('no-directory')
    const { code } = await asked()
    const accountName = 'another@rdadmin.aliyunid.com'
    const { directory } = await oliver.cloud.enableDirectory({ mode: 'new', accountName, phone, code })
    expect(await getEnableFlow.run(oliver, {})).toMatchObject({ step: 'blocked', blockedReason: 'member' })
    expect(await getEnableFlow.run(colleague, {})).toMatchObject({ step: 'blocked', blockedReason: 'member' })
    const rows = await listAudit(
      muster.services.db,
      { accountId: ventures, actions: ['session.end_account'] },
      { limit: 9 },
    )
    expect(rows.filter(({ correlationId }) => correlationId === oliver.requestId)).toMatchObject([
      {
        operatorId: oliver.operatorId,
        target: ventures,
        outcome: 'accepted',
        detail: {
          directoryId: directory.directoryId,
          managementAccountId: directory.managementAccountId,
          sessions: expect.any(Number),
        },
      },
    ])
    expect(rows.filter(({ correlationId }) => correlationId === colleague.requestId)).toEqual([])
  })
})

describe('if nothing can be enabled', () => {
  test('an account with a directory is shown as such, and nothing is sent or enabled', async () => {
    const wei = await muster.signedInAs('intl-admin')
    expect(await getEnableFlow.run(wei, {})).toMatchObject({ step: 'blocked', blockedReason: 'managing' })
    const confirmation = wei.accountId
    expect((await failureOf(enableDirectory, wei, { confirmation })).code).toBe('directory.exists')
    expect((await failureOf(sendEnableCode, wei, { namePrefix })).code).toBe('directory.exists')
    expect((await failureOf(tryEnable, wei, {})).code).toBe('directory.exists')
  })

  test('an operator who may no longer read the directory is not shown an open request', async () => {
    await asked()
    await muster.sandbox.arm({ operation: 'GetResourceDirectory', fault: 'code:NoPermission' })
    expect((await failureOf(getEnableFlow, oliver, {})).code).toBe('cloud.permission')
    await muster.sandbox.arm({ operation: 'GetResourceDirectory', fault: 'unavailable' })
    expect(await getEnableFlow.run(oliver, {})).toMatchObject({ step: 'code' })
  })

  test('nothing starts if the account cannot be read', async () => {
    await muster.sandbox.arm({ operation: 'GetResourceDirectory', fault: 'unavailable' })
    expect((await failureOf(sendEnableCode, oliver, { namePrefix })).code).toBe('cloud.unavailable')
    expect(await callsOf('SendVerificationCodeForEnableRD')).toEqual([])
    expect(await getEnableFlow.run(oliver, {})).toMatchObject({ step: 'choose', refused: null })
  })

  test('an open request is still shown if the account cannot be read', async () => {
    await asked()
    await muster.sandbox.arm({ operation: 'GetResourceDirectory', fault: 'unavailable', times: 100 })
    expect(await getEnableFlow.run(oliver, {})).toMatchObject({ step: 'code', directory: null })
    expect((await failureOf(reconcileDirectory, oliver, {})).code).toBe('cloud.unavailable')
  })
})
