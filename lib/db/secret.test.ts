import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { ownSecret } from './secret.ts'

const folders: string[] = []
afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true })
})

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'muster-secret-'))
  folders.push(dir)
  return dir
}

test('a secret is made once, for this user alone, and nothing is left beside it', () => {
  const dataDir = folder()
  // What a start that was cut short leaves behind.
  writeFileSync(join(dataDir, 'secret.unfinished'), 'c2hv', { mode: 0o600 })
  const made = ownSecret(dataDir, true)
  expect(made).toHaveLength(32)
  expect(ownSecret(dataDir, true)).toEqual(made)
  expect(ownSecret(dataDir, false)).toEqual(made)
  expect(readdirSync(dataDir)).toEqual(['secret'])
  if (process.platform !== 'win32') expect(statSync(join(dataDir, 'secret')).mode & 0o777).toBe(0o600)
})

test('a missing secret that something was encrypted with is not replaced', () => {
  const dataDir = folder()
  expect(() => ownSecret(dataDir, false)).toThrow(
    /secret: it is missing and MUSTER_SECRET is not set, .+\. Example: MUSTER_SECRET .+ put it back .+: cp /,
  )
  expect(existsSync(join(dataDir, 'secret'))).toBe(false)
})

test('a secret that cannot be written, or is none, is one line without its value', () => {
  const file = join(folder(), 'file')
  writeFileSync(file, '')
  expect(() => ownSecret(file, true)).toThrow(
    /secret: it cannot be read or written \(open E\w+\)\. Example: /,
  )
  const dataDir = folder()
  writeFileSync(join(dataDir, 'secret'), 'c2hvcnQ=')
  expect(() => ownSecret(dataDir, true)).toThrow(/secret: it does not hold 32 bytes in base64\. Example: /)
  expect(() => ownSecret(dataDir, true)).not.toThrow(/c2hvcnQ/)
  expect(readFileSync(join(dataDir, 'secret'), 'utf8')).toBe('c2hvcnQ=')
})
