import { createHash } from 'node:crypto'

const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'

/** Looks random but is the same in every run: the seed must not change between restarts. */
export function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** A 16-digit account ID. The leading 1 keeps the length constant and makes it look real. */
export function accountIdFor(text: string): string {
  const number = digest(text).readBigUInt64BE() % 1_000_000_000_000_000n
  return `1${number.toString().padStart(15, '0')}`
}

/** Letters and digits, as in folder IDs. */
export function lettersFor(text: string, length: number): string {
  return Array.from(digest(text).subarray(0, length), (byte) => alphabet[byte % alphabet.length]).join('')
}

/** Digits, or lowercase letters and digits, as in network IDs. */
export function charactersFor(text: string, length: number, from: 'digits' | 'all'): string {
  const characters = from === 'digits' ? '1234567890' : 'abcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from(digest(text).subarray(0, length), (byte) => characters[byte % characters.length]).join('')
}

/** A time within office hours on the given day, derived from the text. */
export function momentOn(day: string, text: string): string {
  const bytes = digest(text)
  const seconds = bytes.readUInt16BE(0) % 36_000
  const start = Date.parse(`${day}T01:00:00.000Z`)
  return new Date(start + seconds * 1000 + (bytes.readUInt16BE(2) % 1000)).toISOString()
}
