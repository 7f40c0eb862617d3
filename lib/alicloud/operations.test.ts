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

const readActions = [
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
      ...readActions,
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

test('the read-only policy allows no change, and no check that might use up a code', () => {
  expect(actionsOf(readOnlyPolicy()).toSorted()).toEqual(readActions)
})

test('the required permission is named after the operation', () => {
  for (const { product, operation, ramAction } of Object.values(operations)) {
    if (product === 'Sts') continue
    expect(ramAction).toBe(`${product === 'ecd' ? 'ecd' : 'resourcemanager'}:${operation}`)
  }
})

// https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
test('the policy fits the size limit of a session policy', () => {
  expect(operatorPolicy().length).toBeLessThanOrEqual(2048)
  expect(operatorPolicy()).not.toMatch(/\s/)
})

test('only operations that read are of kind read', () => {
  for (const row of Object.values(operations)) {
    expect(row.kind === 'read', row.operation).toBe(/^(Get|List|Describe)/.test(row.operation))
  }
})
