import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { wrongAttemptsMax } from '@/lib/contract/code-attempts'
import { type Sandbox, startSandbox } from '@/lib/sandbox'
import { findAction } from '@/lib/sandbox/actions'
import { defaultAssumptions } from '@/lib/sandbox/state'
import { call } from '@/lib/sandbox/test/clients'
import { operationFacts } from './operation-facts.fixture'
import { type OperationName, operations } from './operations'
import { persona } from './sandbox.fixture'

// Console and sandbox define the facts about Alibaba Cloud independently, so that neither inherits the other's mistakes.
// Here the two are compared.

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, limits: false })
})
afterAll(() => sandbox.close())

const rows = Object.entries(operations).map(([name, row]) => ({ name: name as OperationName, ...row }))

function emulated({ product, operation }: (typeof rows)[number]) {
  const action = findAction(product, operation)
  if (!action) throw new Error('not emulated')
  return action
}

test.each(rows)('$product $operation has the same limit in both', (row) => {
  const { perSecond } = emulated(row)
  // Both values are assumptions: the console must not be the faster one.
  if (row.product === 'ecd') expect(row.limitPerSecond).toBeLessThanOrEqual(perSecond)
  else expect(row.limitPerSecond).toBe(perSecond)
})

test.each(rows)('$product $operation requires the same permission in both', (row) => {
  expect(emulated(row).ramAction ?? null).toBe(row.ramAction)
})

test('the console discards a code no later than Alibaba Cloud does', () => {
  expect(wrongAttemptsMax).toBeLessThanOrEqual(defaultAssumptions.wrongAttemptsMax)
})

describe.each(rows)('$product $operation', (row) => {
  const facts = operationFacts[row.name].needs
  const parameters = Object.keys(facts)

  test('has the same required parameters', () => {
    const required = parameters.filter((name) => facts[name] === `Missing${name}`)
    expect(required.toSorted()).toEqual(emulated(row).required.toSorted())
  })

  test.each(parameters)('without %s', async (absent) => {
    const query = Object.fromEntries(
      parameters.filter((name) => name !== absent).map((name) => [name, 'some']),
    )
    await expect(
      call(sandbox, persona('intl-admin'), `${row.product}/${row.operation}`, query),
    ).rejects.toMatchObject({ code: facts[absent] })
  })
})
