import { expect, test } from 'vitest'
import { vendorParameters } from '@/lib/contract/vendor-calls'
import { argumentsOf, codePlaceholder, numberPlaceholder } from './command'

const phone = numberPlaceholder('+65-••••4567')

test('binding is shown as it was called, with placeholders for values that are not stored', () => {
  const target = { memberId: '1234567890123456', phone }
  expect(argumentsOf(vendorParameters.sendBindCode(target))).toEqual([
    '--AccountId 1234567890123456',
    "--SecureMobilePhone '65-<number>'",
  ])
  expect(argumentsOf(vendorParameters.bindPhone({ ...target, code: codePlaceholder }))).toEqual([
    '--AccountId 1234567890123456',
    "--SecureMobilePhone '65-<number>'",
    "--VerificationCode '<code>'",
  ])
})

test("the account's own phone is not passed", () => {
  expect(argumentsOf(vendorParameters.sendEnableCode({ phone: null }))).toEqual([])
  expect(
    argumentsOf(
      vendorParameters.enableDirectory({
        mode: 'new',
        accountName: 'acme-root@rdadmin.aliyunid.com',
        phone: null,
        code: codePlaceholder,
      }),
    ),
  ).toEqual([
    '--EnableMode NewManagementAccount',
    '--MAName acme-root@rdadmin.aliyunid.com',
    "--VerificationCode '<code>'",
  ])
  expect(argumentsOf(vendorParameters.enableDirectory({ mode: 'current' }))).toEqual([
    '--EnableMode CurrentAccount',
  ])
})

test('values that a shell would interpret are quoted', () => {
  const cen = { region: 'cn-hangzhou', cenId: 'cen-a1b2c3', ownerId: '9134520068812347' }
  expect(argumentsOf(vendorParameters.sendCenCode(cen))).toEqual([
    '--RegionId cn-hangzhou',
    '--VerifyCodeAction eds_cenID_securityverification',
    `--ExtraInfo '{"cenOwnerId":9134520068812347,"cenId":"cen-a1b2c3"}'`,
  ])
  const attach = { ...cen, networkId: 'cn-hangzhou+dir-12345', code: codePlaceholder }
  expect(argumentsOf(vendorParameters.attachCen(attach))).toEqual([
    '--RegionId cn-hangzhou',
    "--OfficeSiteId 'cn-hangzhou+dir-12345'",
    '--CenId cen-a1b2c3',
    '--CenOwnerId 9134520068812347',
    "--VerifyCode '<code>'",
  ])
  expect(argumentsOf({ Name: "it's" })).toEqual([String.raw`--Name 'it'\''s'`])
})
