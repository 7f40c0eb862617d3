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

const directoryCalls = Object.values(operations).filter((row) => row.product !== 'Sts')

test("the operator's policy allows each operation of the directory and nothing else", () => {
  expect(actionsOf(operatorPolicy()).toSorted()).toEqual(
    directoryCalls.map((row) => `resourcemanager:${row.operation}`).toSorted(),
  )
})

test('the read-only policy allows no change', () => {
  const actions = actionsOf(readOnlyPolicy())
  expect(actions.toSorted()).toEqual([
    'resourcemanager:GetAccount',
    'resourcemanager:GetResourceDirectory',
    'resourcemanager:ListAccounts',
    'resourcemanager:ListFoldersForParent',
  ])
})

// https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
test('the policy fits a session policy', () => {
  expect(operatorPolicy().length).toBeLessThanOrEqual(2048)
  expect(operatorPolicy()).not.toMatch(/\s/)
})

test('only what reads is a read', () => {
  for (const row of Object.values(operations)) {
    expect(row.kind === 'read', row.operation).toBe(/^(Get|List)/.test(row.operation))
    if (row.kind === 'once') expect(row.reconcile, row.operation).not.toBe('repeat')
  }
})
