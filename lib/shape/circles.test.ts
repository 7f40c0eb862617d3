import { expect, test } from 'vitest'
import { circlesOf } from './circles.fixture'
import { fileOf, filesBelow, importsOf } from './testing'

test('no files import each other in a circle, for types or later either', () => {
  const files = filesBelow('app', 'components', 'lib', 'e2e', 'scripts').filter((file) =>
    /\.(tsx?|mjs)$/.test(file),
  )
  const graph = new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .filter(({ ours }) => ours)
        .map(fileOf),
    ]),
  )
  expect(circlesOf(graph)).toEqual([])
})

test('a circle is told by its files in their order, each circle once', () => {
  const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges))
  expect(circlesOf(graph({ a: ['b'], b: ['c', 'd'], c: [], d: ['c'] }))).toEqual([])
  expect(circlesOf(graph({ b: ['c'], c: ['d'], d: ['b', 'e'], e: [] }))).toEqual(['b → c → d → b'])
  expect(circlesOf(graph({ a: ['a'] }))).toEqual(['a → a'])
  expect(circlesOf(graph({ a: ['b', 'c'], b: ['a'], c: ['d'], d: ['b'] }))).toEqual([
    'a → b → a',
    'a → c → d → b → a',
  ])
  expect(circlesOf(graph({ a: ['b'], b: ['a'], c: ['d', 'a'], d: ['c'] }))).toEqual([
    'a → b → a',
    'c → d → c',
  ])
})
