import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { StartupFault } from '../startup-fault.ts'
import type { Db } from './db.ts'
import { setting } from './schema/console.ts'

const VERSION = 'v1'
const NONCE_BYTES = 12
const TAG_BYTES = 16

export interface Vault {
  /** Encrypts for one place: `context` (the row's id) must be the same to open it, so values cannot be swapped. */
  seal(plaintext: string, context: string): string
  /** Throws if the value was changed, belongs to another context or was sealed with another secret. */
  open(sealed: string, context: string): string
  /** A keyed hash: equal values compare equal within one `purpose`, and nobody without the secret can guess. */
  fingerprint(value: string, purpose: string): string
}

/** Encryption and keyed hashes at rest, from a secret of 32 bytes. */
export function createVault(secret: Buffer): Vault {
  if (secret.length !== 32) throw new TypeError('a vault needs a secret of 32 bytes')
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', `muster ${use} ${VERSION}`, 32))
  const sealKey = derive('seal')
  const fingerprintKey = derive('fingerprint')

  return {
    seal(plaintext, context) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce).setAAD(Buffer.from(context))
      const sealed = Buffer.concat([
        nonce,
        cipher.update(plaintext, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ])
      return `${VERSION}.${sealed.toString('base64url')}`
    },
    open(sealed, context) {
      const [version, text, ...rest] = sealed.split('.')
      const bytes = Buffer.from(text ?? '', 'base64url')
      if (version !== VERSION || rest.length > 0 || bytes.length < NONCE_BYTES + TAG_BYTES) {
        throw new Error('not a sealed value')
      }
      const nonce = bytes.subarray(0, NONCE_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', sealKey, nonce, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(-TAG_BYTES))
      const opened = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
      return Buffer.concat([opened, decipher.final()]).toString('utf8')
    },
    fingerprint(value, purpose) {
      // A key of its own for each purpose: no pair of purpose and value can look like another pair.
      const purposeKey = createHmac('sha256', fingerprintKey).update(purpose).digest()
      return createHmac('sha256', purposeKey).update(value).digest('base64url')
    },
  }
}

const CHECK_KEY = 'secret_check'

/** Whether a database was written with a secret already. */
export async function hasSecret(db: Db): Promise<boolean> {
  const rows = await db.select({ key: setting.key }).from(setting).where(eq(setting.key, CHECK_KEY))
  return rows.length > 0
}

/** Stops the start if the database was written with another secret; remembers the secret of a new database. */
export async function checkSecret(db: Db, vault: Vault): Promise<void> {
  const value = vault.fingerprint('muster', CHECK_KEY)
  await db.insert(setting).values({ key: CHECK_KEY, value }).onConflictDoNothing()
  const [stored] = await db.select({ value: setting.value }).from(setting).where(eq(setting.key, CHECK_KEY))
  if (stored?.value === value) return
  throw new StartupFault(
    'MUSTER_SECRET',
    'is not the secret that this database was written with',
    'put back the earlier value, or the secret file that was in the data folder',
  )
}
