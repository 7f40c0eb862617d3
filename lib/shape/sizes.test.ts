import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { filesBelow, isTest, root, textOf } from './testing'

/** Maximum number of lines. A longer file is hard to navigate and covers more than one topic. */
const longest = { product: 400, test: 600 }

/** Written and read by tools only. */
const generated: [file: RegExp, by: string][] = [
  [/^package-lock\.json$/, 'npm'],
  [/^lib\/db\/migrations\/0013_jobs\.sql$/, 'pg-boss, as its schema'],
  [/^lib\/db\/migrations\/meta\/\d{4}_snapshot\.json$/, 'drizzle-kit, to detect changes of the tables'],
]

const lengths = [...filesBelow('app', 'components', 'lib', 'e2e', 'scripts'), ...filesOfRoot()]
  .map((file) => ({ file, lines: textOf(file).split('\n').length - 1 }))
  .filter(({ file, lines }) => lines > (isTest(file) ? longest.test : longest.product))

test('a product file has at most 400 lines, a test 600', () => {
  const written = lengths.filter(({ file }) => !generated.some(([name]) => name.test(file)))
  expect(written.map(({ file, lines }) => `${file}: ${lines} lines`)).toEqual([])
})

test('every exception is longer than the limit', () => {
  const unused = generated.filter(([name]) => !lengths.some(({ file }) => name.test(file)))
  expect(unused).toEqual([])
})

function filesOfRoot(): string[] {
  return globSync('*.{ts,js,mjs,json}', { cwd: root })
}
