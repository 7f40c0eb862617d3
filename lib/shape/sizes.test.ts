import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { filesBelow, isTest, root, textOf } from './testing'

/** Lines beyond which nobody finds their way any more: such a file holds more than one matter. */
const longest = { product: 400, test: 600 }

/** Written and read by tools alone. */
const generated: [file: RegExp, by: string][] = [
  [/^package-lock\.json$/, 'npm'],
  [
    /^lib\/db\/migrations\/meta\/\d{4}_snapshot\.json$/,
    'drizzle-kit, to find out what a change of the tables is',
  ],
]

const lengths = [...filesBelow('app', 'components', 'lib', 'e2e', 'scripts'), ...filesOfRoot()]
  .map((file) => ({ file, lines: textOf(file).split('\n').length - 1 }))
  .filter(({ file, lines }) => lines > (isTest(file) ? longest.test : longest.product))

test('a file holds one matter: 400 lines of the product, 600 of a test', () => {
  const written = lengths.filter(({ file }) => !generated.some(([name]) => name.test(file)))
  expect(written.map(({ file, lines }) => `${file}: ${lines} lines`)).toEqual([])
})

test('only what is longer is an exception', () => {
  const unused = generated.filter(([name]) => !lengths.some(({ file }) => name.test(file)))
  expect(unused).toEqual([])
})

function filesOfRoot(): string[] {
  return globSync('*.{ts,js,mjs,json}', { cwd: root })
}
