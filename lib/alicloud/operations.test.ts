import { expect, test } from 'vitest'
import { operations, operatorPolicy, readOnlyPolicy } from './operations'

function actionsOf(policy: string): string[] {
  const document = JSON.parse(policy)
  expect(document).toEqual({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: expect.any(Array), Resource: '*' }],
  })
  return document.Statement[0].Action
}

const reading = [
  'ecd:DescribeCens',
  'ecd:DescribeOfficeSites',
  'ecd:DescribeRegions',
  'resourcemanager:GetAccount',
  'resourcemanager:GetResourceDirectory',
  'resourcemanager:ListAccounts',
  'resourcemanager:ListFoldersForParent',
]

test("the operator's policy allows each operation of the console, once, and nothing else", () => {
  expect(actionsOf(operatorPolicy()).toSorted()).toEqual(
    [
      ...reading,
      'ecd:AttachCen',
      'ecd:DetachCen',
      'ecd:SendVerifyCode',
      'ecd:VerifyCen',
      'resourcemanager:BindSecureMobilePhone',
      'resourcemanager:EnableResourceDirectory',
      'resourcemanager:SendVerificationCodeForBindSecureMobilePhone',
      'resourcemanager:SendVerificationCodeForEnableRD',
    ].toSorted(),
  )
})

test('the read-only policy allows no change, and no check that might use a code up', () => {
  expect(actionsOf(readOnlyPolicy()).toSorted()).toEqual(reading)
})

test('the permission an operation needs is named after it', () => {
  for (const { product, operation, ramAction } of Object.values(operations)) {
    if (product === 'Sts') continue
    expect(ramAction).toBe(`${product === 'ecd' ? 'ecd' : 'resourcemanager'}:${operation}`)
  }
})

// https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
test('the policy fits a session policy', () => {
  expect(operatorPolicy().length).toBeLessThanOrEqual(2048)
  expect(operatorPolicy()).not.toMatch(/\s/)
})

test('only what reads is a read', () => {
  for (const row of Object.values(operations)) {
    expect(row.kind === 'read', row.operation).toBe(/^(Get|List|Describe)/.test(row.operation))
  }
})
