import { expect, test } from 'vitest'
import { routes } from '@/lib/contract/routes'
import { operationFacts } from './operation-facts.fixture'
import { operations, operatorPolicy, readOnlyPolicy } from './operations'

function actionsOf(policy: string): string[] {
  const document = JSON.parse(policy)
  expect(document).toEqual({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: expect.any(Array), Resource: '*' }],
  })
  return document.Statement[0].Action
}

/** STS is left out: the session that a policy is for exists already. */
const granted = Object.values(operations).filter(({ product }) => product !== 'Sts')

test("the operator's policy allows each operation of the console, once, and nothing else", () => {
  const actions = actionsOf(operatorPolicy())
  expect(new Set(actions)).toEqual(new Set(granted.map(({ ramAction }) => ramAction)))
  expect(actions).toHaveLength(new Set(actions).size)
})

test('the read-only policy allows no change, and no check that might use up a code', () => {
  const actions = actionsOf(readOnlyPolicy())
  expect(actions).toEqual(granted.filter(({ kind }) => kind === 'read').map(({ ramAction }) => ramAction))
  for (const action of actions) expect(action).toMatch(/^(ecd|resourcemanager):(Get|List|Describe)/)
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

test('the `route` of an operation in operation-facts.fixture.ts is a GET route in routes.ts', () => {
  const reads = Object.values(routes).flatMap(({ method, path }) => (method === 'GET' ? path : []))
  const named = Object.values(operationFacts).flatMap(({ route }) => route?.split('?')[0] ?? [])
  expect(named.length).toBeGreaterThan(2)
  expect(named.filter((path) => !(reads as string[]).includes(path))).toEqual([])
})

test('only operations that read are of kind read', () => {
  for (const row of Object.values(operations)) {
    expect(row.kind === 'read', row.operation).toBe(/^(Get|List|Describe)/.test(row.operation))
  }
})
