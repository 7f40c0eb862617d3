import { expect, test } from 'vitest'
import { cyclesOf, importsAmong } from './graph.fixture'
import { filesBelow } from './testing'

test('there are no import cycles, type-only and dynamic imports included', () => {
  const files = filesBelow('app', 'components', 'lib', 'e2e', 'scripts')
  expect(cyclesOf(importsAmong(files.filter((file) => /\.(tsx?|mjs)$/.test(file))))).toEqual([])
})

test('a cycle is reported once, with its files in order', () => {
  const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges))
  expect(cyclesOf(graph({ a: ['b'], b: ['c', 'd'], c: [], d: ['c'] }))).toEqual([])
  expect(cyclesOf(graph({ b: ['c'], c: ['d'], d: ['b', 'e'], e: [] }))).toEqual(['b → c → d → b'])
  expect(cyclesOf(graph({ a: ['a'] }))).toEqual(['a → a'])
  expect(cyclesOf(graph({ a: ['b', 'c'], b: ['a'], c: ['d'], d: ['b'] }))).toEqual([
    'a → b → a',
    'a → c → d → b → a',
  ])
  expect(cyclesOf(graph({ a: ['b'], b: ['a'], c: ['d', 'a'], d: ['c'] }))).toEqual(['a → b → a', 'c → d → c'])
})
