import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { EnablePlan } from '@/lib/alicloud'
import { connectSandbox, startSandbox } from '@/lib/sandbox'
import { getSandbox, resetSandbox } from './sandbox'
import { personasOf } from './sign-in/personas'
import { signInAsPersona } from './sign-in/sign-in'
import { failureOf, startTestConsole, type TestConsole, tokenOf } from './testing'

let muster: TestConsole

beforeAll(async () => {
  muster = await startTestConsole()
})
afterAll(() => muster.close())
afterEach(() => muster.sandbox.reset())

/** Signs in; `now` is the actor of a later request with the same session token. */
async function signedIn(persona: string) {
  const token = await tokenOf(signInAsPersona.perform(muster.visitor(), { persona }))
  return { now: () => muster.actorOf(token) }
}

/** Enables a directory for the account without one, outside this console. */
async function enable(mode: EnablePlan['mode']): Promise<void> {
  const { cloud } = await (await signedIn('no-directory')).now()
  if (mode === 'current') return void (await cloud.enableDirectory({ mode }))
  const phone = '65-91234567'
  await cloud.sendEnableCode({ phone })
  const [message] = await muster.sandbox.messages({ operation: 'SendVerificationCodeForEnableRD' })
  const accountName = 'ventures-root@rdadmin.aliyunid.com'
  await cloud.enableDirectory({ mode, accountName, phone, code: message?.code ?? '' })
}

describe('who can sign in', () => {
  test('an account that enabled a directory with a new management account is a member; the new administrator may sign in', async () => {
    await enable('new')
    const manager = (await muster.sandbox.personas()).find(({ id }) => id === 'ma-ventures-root')
    expect(await failureOf(signInAsPersona, muster.visitor(), { persona: 'no-directory' })).toMatchObject({
      code: 'signin.not_management_account',
      params: { managementAccount: manager?.accountId },
    })
    const { session } = await muster.signedInAs('ma-ventures-root')
    expect(session).toMatchObject({
      accountId: manager?.accountId,
      operatorName: 'directory.admin',
      method: 'assumed_role',
      directoryId: expect.stringMatching(/^rd-/),
    })
  })

  test('the sandbox page lists all test users with their keys, including new ones', async () => {
    const actor = await muster.signedInAs('china-admin')
    const { personas } = await getSandbox.run(actor, {})
    expect(personas.map(({ id }) => id)).toEqual((await muster.sandbox.personas()).map(({ id }) => id))
    await enable('new')
    const { personas: more, messages } = await getSandbox.run(actor, {})
    expect(more).toHaveLength(personas.length + 1)
    expect(more.at(-1)).toMatchObject({
      keyId: 'SANDBOX-MA-VENTURES-ROOT',
      secret: 'sandbox-secret-ma-ventures-root',
      accountName: 'ventures-root@rdadmin.aliyunid.com',
      company: 'Harbour Ventures Pte. Ltd.',
    })
    expect(messages).toMatchObject([
      { operation: 'SendVerificationCodeForEnableRD', voidBecause: 'used', channel: 'sms' },
    ])
  })

  test('without an answer from the sandbox, its initial test users are shown; with Alibaba Cloud, none', async () => {
    const { url, close } = await startSandbox({ port: 0 })
    await close()
    const known = await personasOf({ sandbox: connectSandbox(url) })
    expect(known).toEqual(await muster.sandbox.personas())
    expect(await personasOf({ sandbox: null })).toEqual([])
  })
})

describe('a reset', () => {
  const over = { output: { ended: true }, effect: { kind: 'endSession' } }

  test('removes enabled directories from the sessions of their accounts, and changes no others', async () => {
    const oliver = await signedIn('no-directory')
    await enable('current')
    const manager = await signedIn('no-directory')
    const admin = await signedIn('intl-admin')
    const reset = await signedIn('china-admin')
    expect((await manager.now()).session.directoryId).toMatch(/^rd-/)
    const before = (await admin.now()).session.directoryId

    expect(await resetSandbox.perform(await reset.now(), {})).toEqual(over)
    for (const session of [oliver, manager]) expect((await session.now()).session.directoryId).toBeNull()
    expect((await admin.now()).session.directoryId).toBe(before)
    // Its credentials were those of a role session, which the reset removed.
    await expect(reset.now()).rejects.toMatchObject({ code: 'signin.ended' })
  })

  test('keeps a session with its own key, and updates its directory', async () => {
    await enable('current')
    const oliver = await signedIn('no-directory')
    expect((await oliver.now()).session.directoryId).toMatch(/^rd-/)
    expect(await resetSandbox.perform(await oliver.now(), {})).toEqual({
      output: { ended: false },
      effect: null,
    })
    expect((await oliver.now()).session.directoryId).toBeNull()
  })

  test('ends the sessions of management accounts that it removes', async () => {
    await enable('new')
    const manager = await signedIn('ma-ventures-root')
    const other = await signedIn('ma-ventures-root')
    expect(await resetSandbox.perform(await manager.now(), {})).toEqual(over)
    for (const session of [manager, other])
      await expect(session.now()).rejects.toMatchObject({ code: 'signin.ended' })
    expect(await failureOf(signInAsPersona, muster.visitor(), { persona: 'ma-ventures-root' })).toMatchObject(
      {
        code: 'page.not_found',
      },
    )
  })
})
