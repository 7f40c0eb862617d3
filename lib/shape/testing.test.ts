import { expect, test } from 'vitest'
import { importsOf, specifiersIn } from './testing'

test.each([
  ["import a from './a'", ['./a']],
  ["import './a.css'", ['./a.css']],
  ["import type { A } from './a'", ['./a']],
  ['import { type A, b as c } from \'./a\'\nimport d, { e } from "./d"', ['./a', './d']],
  ["import * as a from './a'", ['./a']],
  ["import a, * as b from './a'", ['./a']],
  ["import {\n  a,\n  // isn't used twice\n  b, /* from './no' */\n} from './a'", ['./a']],
  ["import en from './en.json' with { type: 'json' }", ['./en.json']],
  ["export * from './a'\nexport * as b from './b'", ['./a', './b']],
  ["export type { A } from './a'; export { b } from './b'", ['./a', './b']],
  ["export{a}from'./a'", ['./a']],
  ["const a = lazyPart(() => import('./a'))", ['./a']],
  ["const a = await import(\n  /* later */ './a'\n)", ['./a']],
  ['const a = import(`./a`)', ['./a']],
  ["type A = typeof import('./a.tsx').A", ['./a.tsx']],
  ["let a: import('./a').A", ['./a']],
  ["/** @type {import('./a.ts').A} */\nconst a = 1", ['./a.ts']],
  ["/** @param {string} a @param {Map<string, import('./a.ts').A>} b */", ['./a.ts']],
])('%s is an import', (text, expected) => {
  expect(specifiersIn(text)).toEqual(expected)
  expect(specifiersIn(`const url = 'https://a.example' // it's\nconst b = a / 2\n${text}`)).toEqual(expected)
  expect(specifiersIn(`const quotes = /['"\`]/\n${text}`)).toEqual(expected)
  expect(specifiersIn(`const said = \`it's \${a}\`\n${text}`)).toEqual(expected)
})

test.each([
  "// import a from './a'",
  "/*\nimport a from './a'\n*/",
  "/** made by `() => import('./a')` */",
  'const text = "import a from \'./a\'"',
  "const text = `\nimport a from './a'\n`",
  'const a = await import(path)',
  'const a = import(`./a/$' + '{b}`)',
  "export const a = 'a'",
  "export function a() {\n  return Array.from('a')\n}",
  "export const from = 1\nconst b = 'b'",
  "const a = reimport('./a')",
])('%s is not an import', (text) => {
  expect(specifiersIn(text)).toEqual([])
})

test('import targets are normalized', () => {
  const targets = importsOf('lib/shape/testing.test.ts').map(({ target, ours }) => [target, ours])
  expect(targets).toEqual([
    ['vitest', false],
    ['lib/shape/testing', true],
  ])
})
