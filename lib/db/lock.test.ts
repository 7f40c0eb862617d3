import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { takeLock } from './lock.ts'

const home = mkdtempSync(join(tmpdir(), 'muster-lock-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

test('a folder with unrelated files does not become the data folder', () => {
  const unrelated = join(home, 'unrelated')
  mkdirSync(unrelated)
  writeFileSync(join(unrelated, 'thesis.odt'), 'years of work')
  expect(() => takeLock(unrelated)).toThrow(
    /^MUSTER_DATA_DIR: the folder .+ contains files of something else \(thesis\.odt\)\. Example: /,
  )
  expect(readdirSync(unrelated)).toEqual(['thesis.odt'])
})

test('a new disk, hidden files and files of Muster or its sandbox are accepted', () => {
  for (const names of [['lost+found'], ['.gitignore'], ['sandbox.json'], ['db', 'secret', 'notes.txt']]) {
    const dataDir = join(home, names.join('-'))
    mkdirSync(dataDir)
    for (const name of names) writeFileSync(join(dataDir, name), '')
    takeLock(dataDir).release()
    expect(readdirSync(dataDir).sort()).toEqual([...names, 'lock.db'].sort())
  }
})

test('an unrelated file with the lock file’s name is left unchanged', () => {
  const dataDir = join(home, 'other-lock')
  mkdirSync(dataDir)
  writeFileSync(join(dataDir, 'lock.db'), 'an unrelated file, not a database')
  expect(() => takeLock(dataDir)).toThrow(/^MUSTER_DATA_DIR: .+ cannot be written \(.+\)\. Example: /)
  expect(readdirSync(dataDir)).toEqual(['lock.db'])
})
