import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { filesBelow, root, textOf } from './testing'

/** Terms that were replaced, each with the one to use. Stored names keep theirs: see docs/decisions/022-stored-names.md. */
const replaced: [old: RegExp, use: string][] = [
  [/\btrials?\b/, 'dry run, code check'],
  [/\b(wrong|no|more|ten) tries\b|\btries left\b/, 'attempts'],
  [/\btold\b/, 'shown, reported, returned'],
  [/\bsettle time\b/, 'in-flight timeout'],
  [/\blook-ups?\b/, 'reconciliation; on screens: check the status'],
  [/\bobstacles?\b/i, 'blocked reason'],
  [/\bways? on\b/, 'next action'],
  [/\bforeign CENs?\b/i, 'cross-account CEN'],
  [/\bran out\b/, 'expired'],
  [/\berror words?\b/, 'error message'],
]

const documents = globSync(['*.md', 'docs/**/*.md', 'lib/**/*.md'], { cwd: root })
const files = [...filesBelow('app', 'components', 'lib', 'e2e', 'scripts'), ...documents].filter(
  (file) => !file.startsWith('lib/db/migrations/') && file !== 'lib/shape/terms.test.ts',
)

test.each(replaced)('%s is called: %s', (old) => {
  const found = files.flatMap((file) =>
    textOf(file)
      .split('\n')
      .flatMap((line, n) => (old.test(line) ? [`${file}:${n + 1}: ${line.trim()}`] : [])),
  )
  expect(found).toEqual([])
})
