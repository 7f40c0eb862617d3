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

/** Signs in and keeps the cookie's token, to come again with later. */
async function comesAs(persona: string) {
  const token = await tokenOf(signInAsPersona.perform(muster.visitor(), { persona }))
  return { now: () => muster.actorOf(token) }
}

/** Enables a directory for the account without one, as somebody else would. */
async function enable(mode: EnablePlan['mode']): Promise<void> {
  const { cloud } = await (await comesAs('no-directory')).now()
  if (mode === 'current') return void (await cloud.enableDirectory({ mode }))
  const phone = '65-91234567'
  await cloud.sendEnableCode({ phone })
  const [message] = await muster.sandbox.messages({ operation: 'SendVerificationCodeForEnableRD' })
  const accountName = 'ventures-root@rdadmin.aliyunid.com'
  await cloud.enableDirectory({ mode, accountName, phone, code: message?.code ?? '' })
}

describe('who can sign in', () => {
  test('who enabled a directory with a new management account is a member now; its administrator gets in', async () => {
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

  test('the page of the sandbox lists everybody with their keys, the new one included', async () => {
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

  test('a sandbox that does not answer is taken at its start’s word; with Alibaba Cloud there is nobody', async () => {
    const { url, close } = await startSandbox({ port: 0 })
    await close()
    const known = await personasOf({ sandbox: connectSandbox(url) })
    expect(known).toEqual(await muster.sandbox.personas())
    expect(await personasOf({ sandbox: null })).toEqual([])
  })
})

describe('a reset', () => {
  const over = { output: { ended: true }, effect: { kind: 'endSession' } }

  test('takes enabled directories from the sessions of their accounts, and nothing from others', async () => {
    const oliver = await comesAs('no-directory')
    await enable('current')
    const manager = await comesAs('no-directory')
    const admin = await comesAs('intl-admin')
    const reset = await comesAs('china-admin')
    expect((await manager.now()).session.directoryId).toMatch(/^rd-/)
    const before = (await admin.now()).session.directoryId

    expect(await resetSandbox.perform(await reset.now(), {})).toEqual(over)
    for (const session of [oliver, manager]) expect((await session.now()).session.directoryId).toBeNull()
    expect((await admin.now()).session.directoryId).toBe(before)
    // Its credentials were the role's, which the reset took away.
    await expect(reset.now()).rejects.toMatchObject({ code: 'signin.ended' })
  })

  test('leaves a session with a key of its own, and gives it the directory it has now', async () => {
    await enable('current')
    const oliver = await comesAs('no-directory')
    expect((await oliver.now()).session.directoryId).toMatch(/^rd-/)
    expect(await resetSandbox.perform(await oliver.now(), {})).toEqual({
      output: { ended: false },
      effect: null,
    })
    expect((await oliver.now()).session.directoryId).toBeNull()
  })

  test('ends the sessions of management accounts that are gone with it', async () => {
    await enable('new')
    const manager = await comesAs('ma-ventures-root')
    const other = await comesAs('ma-ventures-root')
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
