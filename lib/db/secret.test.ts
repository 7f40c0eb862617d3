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

test('a secret is created once, readable only by this user, and no other file is left', () => {
  const dataDir = folder()
  // Left behind by an interrupted start.
  writeFileSync(join(dataDir, 'secret.unfinished'), 'c2hv', { mode: 0o600 })
  const made = ownSecret(dataDir, true)
  expect(made).toHaveLength(32)
  expect(ownSecret(dataDir, true)).toEqual(made)
  expect(ownSecret(dataDir, false)).toEqual(made)
  expect(readdirSync(dataDir)).toEqual(['secret'])
  if (process.platform !== 'win32') expect(statSync(join(dataDir, 'secret')).mode & 0o777).toBe(0o600)
})

test('a missing secret is not replaced if something was encrypted with it', () => {
  const dataDir = folder()
  expect(() => ownSecret(dataDir, false)).toThrow(
    /secret: it is missing and MUSTER_SECRET is not set, .+\. Example: set MUSTER_SECRET .+ restore it .+: cp /,
  )
  expect(existsSync(join(dataDir, 'secret'))).toBe(false)
})

test('a secret that cannot be written or is invalid is reported on one line without its value', () => {
  const file = join(folder(), 'file')
  writeFileSync(file, '')
  expect(() => ownSecret(file, true)).toThrow(
    /secret: it cannot be read or written \(open E\w+\)\. Example: /,
  )
  const dataDir = folder()
  writeFileSync(join(dataDir, 'secret'), 'c2hvcnQ=')
  expect(() => ownSecret(dataDir, true)).toThrow(/secret: it does not contain 32 bytes in base64\. Example: /)
  expect(() => ownSecret(dataDir, true)).not.toThrow(/c2hvcnQ/)
  expect(readFileSync(join(dataDir, 'secret'), 'utf8')).toBe('c2hvcnQ=')
})
