import type { Locator, Page } from '@playwright/test'
import type { SandboxControl } from '../lib/sandbox/index.ts'
import { errorTextOf } from './error-text'
import { codeOf, expect, test } from './fixtures'
import { en, type Messages, zh } from './messages'
import { failureOn } from './on-page'

// One code for each way to show a failure, for each operation. All codes: errors.spec.ts.

const send = 'SendVerificationCodeForBindSecureMobilePhone'
const bind = 'BindSecureMobilePhone'
const vendorHost = {
  international: 'https://resourcemanager.console.alibabacloud.com',
  china: 'https://resourcemanager.console.aliyun.com',
}

type Words = Messages

let numbers = 0
/** A number that no other member has: a note about such a member would move the button being clicked. */
function newNumber(): string {
  numbers += 1
  return `9124${String(numbers).padStart(4, '0')}`
}

/** The failure with this text, and with the code and the RequestId of the call that the emulator refused. */
async function expectFailure(
  page: Page,
  cloud: SandboxControl,
  { operation, code, words }: { operation: string; code: string; words: readonly (string | RegExp)[] },
): Promise<Locator> {
  const banner = failureOn(page).filter({ hasText: code })
  for (const text of words) await expect(banner).toContainText(text)
  const call = (await cloud.calls({ operation })).find(({ outcome }) => outcome === code)
  await expect(banner).toContainText(call?.requestId ?? 'no such call')
  return banner
}

/** A missing permission is shown with its action, the refused principal and the policy type. */
async function expectDenied(banner: Locator, words: Words, action: string) {
  const denied = words.common.denied
  for (const [label, value] of [
    [denied.action, action],
    [denied.principal, 'muster-operator:wei.tan'],
    [denied.policyType, 'AccountLevelIdentityBasedPolicy'],
  ] as const) {
    const term = banner.getByText(label, { exact: true })
    await expect(term.locator('xpath=following-sibling::*[1]')).toContainText(value)
  }
  await expect(banner.getByRole('link', { name: words.common.openSettings })).toHaveAttribute(
    'href',
    '/settings',
  )
}

/** A browser's very first page may reload automatically and use up an armed fault. */
async function loadFirstPage(page: Page) {
  await page.goto('/sign-in')
  await expect.poll(() => page.evaluate(() => document.cookie)).toContain('muster-time-zone')
}

async function expectSignInLink(banner: Locator, words: Words, path: string) {
  await expect(banner.getByRole('link', { name: words.common.signInAgain })).toHaveAttribute(
    'href',
    `/sign-in?ended=1&from=${encodeURIComponent(path)}`,
  )
}

async function sendWith(page: Page, cloud: SandboxControl, words: Words, id: string, code: string) {
  const number = newNumber()
  await cloud.arm({ operation: send, fault: `code:${code}`, match: { accountId: id } })
  await page.goto(`/members/${id}/phone`)
  await page.getByLabel(words.flow.phone.label).fill(number)
  await page.getByRole('button', { name: words.flow.send }).click()
  return number
}

/** The code step of a new member, with a code that was sent. */
async function openCodeStep(page: Page, origin: string, words: Words, id: string) {
  const reply = await page.request.post(`/api/members/${id}/phone/code`, {
    headers: { origin },
    data: { phone: `65-${newNumber()}` },
  })
  expect(reply.status()).toBe(200)
  await page.goto(`/members/${id}/phone`)
  await expect(page.getByRole('heading', { name: words.flow.code.title })).toBeVisible()
}

async function bindWith(page: Page, cloud: SandboxControl, words: Words, id: string, code: string) {
  await cloud.arm({ operation: bind, fault: `code:${code}`, match: { accountId: id } })
  await page.getByLabel(words.flow.code.label).fill(await codeOf(cloud, id))
  await page.getByRole('button', { name: words.bind.bind }).click()
}

for (const [locale, words] of [
  ['en', en],
  ['zh-CN', zh as Words],
] as const) {
  test(`a send in ${locale}: at the field, on the page, busy, unknown, denied, session ended`, async ({
    page,
    cloud,
    newMember,
    signedInAs,
    inLanguage,
  }) => {
    await inLanguage(locale)
    await signedInAs('intl-admin')
    const number = page.getByLabel(words.flow.phone.label)
    const { errors } = words

    let id = await newMember()
    await sendWith(page, cloud, words, id, 'InvalidParameter.MobileCountryCode')
    await expect(number).toHaveAccessibleDescription(
      new RegExp(words.fieldErrors.phone.country_not_allowed.slice(0, 20)),
    )
    await expect(number).toBeFocused()
    await expectFailure(page, cloud, {
      operation: send,
      code: 'InvalidParameter.MobileCountryCode',
      words: [/\+86/],
    })

    id = await newMember()
    let typed = await sendWith(page, cloud, words, id, 'SendValidateCodeExceedsLimitForAccount')
    await expectFailure(page, cloud, {
      operation: send,
      code: 'SendValidateCodeExceedsLimitForAccount',
      words: Object.values(errorTextOf(locale, { code: 'send.day_limit' })),
    })
    await expect(number).toHaveValue(typed)

    id = await newMember()
    await sendWith(page, cloud, words, id, 'Throttling.User')
    await expectFailure(page, cloud, {
      operation: send,
      code: 'Throttling.User',
      words: [errors.cloud.busy.cause, errors.cloud.busy.next.replace('{seconds}', '5')],
    })

    id = await newMember()
    await sendWith(page, cloud, words, id, 'NoPermission')
    const action = `resourcemanager:${send}`
    const denied = await expectFailure(page, cloud, {
      operation: send,
      code: 'NoPermission',
      words: [action],
    })
    await expectDenied(denied, words, action)

    id = await newMember()
    await sendWith(page, cloud, words, id, 'InternalError')
    await expect(page.getByText(words.flow.code.unknownTitle)).toBeVisible()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.flow.code.title)
    await expect(page.getByText(words.flow.noRequestId, { exact: true })).toBeVisible()
    await expect(failureOn(page)).toHaveCount(0)

    id = await newMember()
    typed = await sendWith(page, cloud, words, id, 'InvalidAccessKeyId.Inactive')
    const over = await expectFailure(page, cloud, {
      operation: send,
      code: 'InvalidAccessKeyId.Inactive',
      words: [errors.signin.ended.cause, errors.signin.ended.next],
    })
    await expectSignInLink(over, words, `/members/${id}/phone`)
    await expect(number).toHaveValue(typed)
  })
}

test('a bind: at the field, on the page, busy, denied, session ended', async ({
  page,
  cloud,
  muster,
  newMember,
  signedInAs,
}) => {
  await signedInAs('intl-admin')
  const id = await newMember()
  await openCodeStep(page, muster.origin, en, id)
  const { errors } = en

  await bindWith(page, cloud, en, id, 'Invalid.VerificationCode')
  await expect(page.getByLabel(en.flow.code.label)).toHaveAccessibleDescription(/9 attempts left/)
  await expect(page.getByLabel(en.flow.code.label)).toBeFocused()
  await expect(failureOn(page)).toHaveCount(0)

  await bindWith(page, cloud, en, id, 'Invalid.EnterpriseName')
  await expectFailure(page, cloud, {
    operation: bind,
    code: 'Invalid.EnterpriseName',
    words: Object.values(errorTextOf('en', { code: 'account.enterprise_name_missing' })),
  })

  await bindWith(page, cloud, en, id, 'Throttling.Api')
  await expectFailure(page, cloud, {
    operation: bind,
    code: 'Throttling.Api',
    words: [errors.cloud.busy.cause],
  })

  await bindWith(page, cloud, en, id, 'NoPermission')
  const action = `resourcemanager:${bind}`
  const denied = await expectFailure(page, cloud, { operation: bind, code: 'NoPermission', words: [action] })
  await expectDenied(denied, en, action)

  await bindWith(page, cloud, en, id, 'InvalidSecurityToken.Expired')
  const over = await expectFailure(page, cloud, {
    operation: bind,
    code: 'InvalidSecurityToken.Expired',
    words: [errors.signin.ended.cause],
  })
  await expectSignInLink(over, en, `/members/${id}/phone`)
})

test('a bind of unknown outcome is reconciled, and claims nothing', async ({
  page,
  cloud,
  muster,
  newMember,
  signedInAs,
}) => {
  await signedInAs('intl-admin')
  const id = await newMember()
  await openCodeStep(page, muster.origin, en, id)
  await bindWith(page, cloud, en, id, 'UnknownError')
  await expect(page.getByRole('heading', { name: en.bind.checking.title })).toBeVisible()
  await expect(failureOn(page)).toHaveCount(0)
  await expect(page.getByText(/Nothing was changed|was not bound/)).toHaveCount(0)
})

for (const [site, persona, phone] of [
  ['international', 'intl-admin', '65-91249999'],
  ['china', 'china-admin', '86-13912345678'],
] as const) {
  test(`what the API cannot change leads to the console of the ${site} site`, async ({
    page,
    cloud,
    muster,
    newMember,
    signedInAs,
  }) => {
    await signedInAs(persona)
    const link = page.getByRole('link', { name: en.flow.openVendor })
    const cloudAccount = await newMember({ type: 'CloudAccount' }, site)
    await page.goto(`/members/${cloudAccount}/phone`)
    await expect(page.getByRole('heading', { name: /is a cloud account$/ })).toBeVisible()
    await expect(link).toHaveAttribute('href', vendorHost[site])

    const id = await newMember({}, site)
    const sent = await page.request.post(`/api/members/${id}/phone/code`, {
      headers: { origin: muster.origin },
      data: { phone },
    })
    expect(sent.status()).toBe(200)
    await page.goto(`/members/${id}/phone`)
    await bindWith(page, cloud, en, id, 'AccountSecureMobileAlreadyExists')
    await expect(page.getByRole('heading', { name: /already has a secure phone$/ })).toBeVisible()
    await expectFailure(page, cloud, {
      operation: bind,
      code: 'AccountSecureMobileAlreadyExists',
      words: [en.errors.phone.already_bound.cause, en.errors.phone.already_bound.next],
    })
    await expect(link).toHaveAttribute('href', vendorHost[site])
  })
}

test('reading a member again: on the page, busy, without a response, denied, session ended', async ({
  page,
  cloud,
  newMember,
  signedInAs,
}) => {
  await signedInAs('intl-admin')
  const id = await newMember()
  await page.goto(`/members/${id}`)
  const { errors } = en
  const operation = 'GetAccount'
  async function readWith(code: string) {
    await cloud.arm({ operation, fault: `code:${code}`, match: { accountId: id } })
    await page.getByRole('button', { name: en.member.actions.readAgain }).click()
  }

  await readWith('EntityNotExists.ResourceDirectory')
  await expectFailure(page, cloud, {
    operation,
    code: 'EntityNotExists.ResourceDirectory',
    words: [errors.directory.not_managed.cause, errors.directory.not_managed.next],
  })
  await readWith('Throttling')
  await expectFailure(page, cloud, { operation, code: 'Throttling', words: [errors.cloud.busy.cause] })
  await readWith('InternalError')
  const silent = await expectFailure(page, cloud, {
    operation,
    code: 'InternalError',
    words: ['returned no result', 'Try again in a minute.'],
  })
  await expect(silent).not.toContainText(/change|unknown/)
  await readWith('NoPermission')
  const action = 'resourcemanager:GetAccount'
  const denied = await expectFailure(page, cloud, { operation, code: 'NoPermission', words: [action] })
  await expectDenied(denied, en, action)
  await readWith('InvalidAccessKeyId.NotFound')
  const over = await expectFailure(page, cloud, {
    operation,
    code: 'InvalidAccessKeyId.NotFound',
    words: [errors.signin.ended.cause],
  })
  await expectSignInLink(over, en, `/members/${id}`)
})

test('the list: on the page, busy, without a response, denied, session ended', async ({
  page,
  cloud,
  signedInAs,
  accessible,
}) => {
  const { errors } = en
  const operation = 'ListAccounts'
  await loadFirstPage(page)
  async function openWith(code: string) {
    await signedInAs('intl-admin')
    await cloud.arm({ operation, fault: `code:${code}` })
    await page.goto('/members')
  }

  await openWith('Forbidden.UserVerification')
  await expect(page.getByRole('heading', { name: en.members.failed.title })).toBeVisible()
  await expectFailure(page, cloud, {
    operation,
    code: 'Forbidden.UserVerification',
    words: [errors.account.unverified.cause, errors.account.unverified.next],
  })
  await openWith('Throttling.User')
  await expectFailure(page, cloud, { operation, code: 'Throttling.User', words: [errors.cloud.busy.cause] })
  await openWith('ServiceUnavailable')
  const silent = await expectFailure(page, cloud, {
    operation,
    code: 'ServiceUnavailable',
    words: ['returned no result', 'Try again in a minute.'],
  })
  await expect(silent).not.toContainText(/change|unknown/)
  await openWith('NoPermission')
  await expect(page.getByRole('heading', { name: en.members.failed.permissionTitle })).toBeVisible()
  const action = 'resourcemanager:ListAccounts'
  const denied = await expectFailure(page, cloud, {
    operation,
    code: 'NoPermission',
    words: [action, en.members.failed.askText],
  })
  await expectDenied(denied, en, action)
  await accessible()
  await openWith('SignatureDoesNotMatch')
  await expect(page).toHaveURL(/\/sign-in\?ended=1&from=%2Fmembers$/)
  await expect(page.getByText(en.signIn.ended)).toBeVisible()
})

test('a directory sync that fails keeps the existing list', async ({ page, cloud, muster, signedInAs }) => {
  await loadFirstPage(page)
  await signedInAs('intl-admin')
  const refreshed = await page.request.post('/api/members/refresh', {
    headers: { origin: muster.origin },
    data: {},
  })
  expect(refreshed.status()).toBe(200)
  await page.goto('/members')
  await expect(page.getByRole('table')).toBeVisible()
  await cloud.arm({ operation: 'ListFoldersForParent', fault: 'code:EntityNotExists.Folder' })
  await page.getByRole('button', { name: en.members.refresh }).click()
  await expectFailure(page, cloud, {
    operation: 'ListFoldersForParent',
    code: 'EntityNotExists.Folder',
    words: [en.errors.folder.not_found.cause, 'could not be refreshed'],
  })
  await expect(page.getByRole('table')).toBeVisible()
  await page.getByRole('button', { name: en.members.refresh }).click()
  await expect(failureOn(page)).toHaveCount(0)
})

test('signing in: at the field, on the page, busy, without a response, denied', async ({ page, cloud }) => {
  await page.goto('/sign-in')
  const { errors } = en
  async function signInWith(operation: string, code: string) {
    await cloud.arm({ operation, fault: `code:${code}` })
    await page.getByLabel(en.signIn.accessKeyId).fill('SANDBOX-INTL-ADMIN')
    await page.getByLabel(en.signIn.accessKeySecret, { exact: true }).fill('sandbox-secret-intl-admin')
    await page.getByRole('button', { name: en.signIn.submit, exact: true }).click()
  }

  let operation = 'GetCallerIdentity'
  await signInWith(operation, 'InvalidAccessKeyId.NotFound')
  await expect(page.getByLabel(en.signIn.accessKeyId)).toHaveAccessibleDescription(
    `${en.fieldErrors.signin.key_unknown} ${errors.signin.key_unknown.next}`,
  )
  await expect(page.getByLabel(en.signIn.accessKeyId)).toBeFocused()
  await signInWith(operation, 'Forbidden.RiskControl')
  await expectFailure(page, cloud, {
    operation,
    code: 'Forbidden.RiskControl',
    words: [errors.cloud.risk_control.cause, errors.cloud.risk_control.next],
  })
  await signInWith(operation, 'Throttling.User')
  await expectFailure(page, cloud, { operation, code: 'Throttling.User', words: [errors.cloud.busy.cause] })
  await signInWith(operation, 'InternalError')
  const silent = await expectFailure(page, cloud, {
    operation,
    code: 'InternalError',
    words: ['returned no result', 'Try again in a minute.'],
  })
  await expect(silent).not.toContainText(/change|unknown/)
  operation = 'GetResourceDirectory'
  await signInWith(operation, 'NoPermission')
  const denied = await expectFailure(page, cloud, {
    operation,
    code: 'NoPermission',
    words: ['resourcemanager:GetResourceDirectory'],
  })
  // Settings require a sign-in.
  await expect(denied.getByRole('link')).toHaveCount(0)
})
