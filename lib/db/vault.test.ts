import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createVault } from './vault.ts'

const secret = randomBytes(32)
const vault = createVault(secret)

test('a sealed value can be opened, also after a restart with the same secret', () => {
  const sealed = vault.seal('65-91234567 手机', 'row-1')
  expect(vault.open(sealed, 'row-1')).toBe('65-91234567 手机')
  expect(createVault(Buffer.from(secret)).open(sealed, 'row-1')).toBe('65-91234567 手机')
  expect(vault.open(vault.seal('', 'row-1'), 'row-1')).toBe('')
})

test('a sealed value reveals nothing and is never the same twice', () => {
  const sealed = vault.seal('65-91234567', 'row-1')
  expect(sealed).toMatch(/^v1\.[\w-]+$/)
  expect(Buffer.from(sealed.slice(3), 'base64url').toString('latin1')).not.toContain('9123')
  expect(vault.seal('65-91234567', 'row-1')).not.toBe(sealed)
})

test('every changed byte, another context and another secret are refused', () => {
  const sealed = vault.seal('65-91234567', 'row-1')
  const bytes = Buffer.from(sealed.slice(3), 'base64url')
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
    expect(() => vault.open(`v1.${changed.toString('base64url')}`, 'row-1')).toThrow()
  }
  expect(() => vault.open(sealed, 'row-2')).toThrow()
  expect(() => createVault(randomBytes(32)).open(sealed, 'row-1')).toThrow()
})

test('a value that is too short, malformed or unversioned is refused as not sealed', () => {
  const sealed = vault.seal('x', 'row-1')
  const short = Buffer.from(sealed.slice(3), 'base64url').subarray(0, 27).toString('base64url')
  for (const value of [
    '',
    'v1.',
    `v1.${short}`,
    sealed.replace('v1', 'v2'),
    `${sealed}.x`,
    sealed.slice(3),
  ]) {
    expect(() => vault.open(value, 'row-1')).toThrow('not a sealed value')
  }
})

test('a fingerprint is the same for the same value, purpose and secret only', () => {
  const fingerprint = vault.fingerprint('65-91234567', 'phone')
  expect(vault.fingerprint('65-91234567', 'phone')).toBe(fingerprint)
  expect(vault.fingerprint('65-91234568', 'phone')).not.toBe(fingerprint)
  expect(vault.fingerprint('65-91234567', 'key')).not.toBe(fingerprint)
  expect(vault.fingerprint('e65-91234567', 'phon')).not.toBe(fingerprint)
  expect(createVault(randomBytes(32)).fingerprint('65-91234567', 'phone')).not.toBe(fingerprint)
})

test('a secret of another length is refused', () => {
  expect(() => createVault(randomBytes(31))).toThrow(TypeError)
})
