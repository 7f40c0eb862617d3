import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { operationNames } from './actions.ts'
import { defaultAssumptions } from './state.ts'
import { lumen, yuanfan } from './test/networks.ts'

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
const lines = readme.split('\n')

test('README.md lists the other accounts’ CENs with their owners, each on one line', () => {
  for (const { cenId, ownerId } of [lumen, yuanfan]) {
    expect(lines.filter((line) => line.includes(cenId) && line.includes(ownerId))).toHaveLength(1)
  }
})

test.each(Object.entries(defaultAssumptions))('README.md documents the assumption %s: %s', (name, value) => {
  const written = typeof value === 'string' ? `'${value}'` : value
  expect(readme).toContain(`\`${name}: ${written}\``)
})

test('every operation with a note in README.md is emulated', () => {
  const top = lines.findIndex((line) => line.startsWith('| Operation |'))
  const rows = lines.slice(top + 2, lines.indexOf('', top))
  const documented = rows.map((row) => row.split('|')[1]?.trim())
  const emulated = operationNames().map((name) => name.split('/')[1])
  expect(documented.length).toBeGreaterThan(5)
  expect(documented.filter((name) => !emulated.includes(name))).toEqual([])
})
