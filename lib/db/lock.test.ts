import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { takeLock } from './lock.ts'

const home = mkdtempSync(join(tmpdir(), 'muster-lock-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

test('a folder of somebody else’s files does not become the data folder', () => {
  const foreign = join(home, 'foreign')
  mkdirSync(foreign)
  writeFileSync(join(foreign, 'thesis.odt'), 'years of work')
  expect(() => takeLock(foreign)).toThrow(
    /^MUSTER_DATA_DIR: the folder .+ holds something else \(thesis\.odt\)\. Example: /,
  )
  expect(readdirSync(foreign)).toEqual(['thesis.odt'])
})

test('a new disk, hidden files and what Muster or its sandbox left there are no obstacle', () => {
  for (const names of [['lost+found'], ['.gitignore'], ['sandbox.json'], ['db', 'secret', 'notes.txt']]) {
    const dataDir = join(home, names.join('-'))
    mkdirSync(dataDir)
    for (const name of names) writeFileSync(join(dataDir, name), '')
    takeLock(dataDir).release()
    expect(readdirSync(dataDir).sort()).toEqual([...names, 'lock.db'].sort())
  }
})

test('a lock file that is something else is left as it is', () => {
  const dataDir = join(home, 'other-lock')
  mkdirSync(dataDir)
  writeFileSync(join(dataDir, 'lock.db'), 'somebody else’s lock, in words and not in a database')
  expect(() => takeLock(dataDir)).toThrow(/^MUSTER_DATA_DIR: .+ cannot be written \(.+\)\. Example: /)
  expect(readdirSync(dataDir)).toEqual(['lock.db'])
})
