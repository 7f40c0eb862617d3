import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { StartupFault } from '../startup-fault.ts'
import type { Db } from './db.ts'
import { setting } from './schema/console.ts'

const VERSION = 'v1'
const NONCE_BYTES = 12
const TAG_BYTES = 16

export interface Vault {
  /** Encrypts a value for one `context` (the row's id), which is required to open it, so values cannot be swapped. */
  seal(plaintext: string, context: string): string
  /** Throws if the value was changed, belongs to another context or was sealed with another secret. */
  open(sealed: string, context: string): string
  /** A keyed hash: equal values have equal hashes within one `purpose`. It cannot be guessed without the secret. */
  fingerprint(value: string, purpose: string): string
}

/** Encryption at rest and keyed hashes, from a secret of 32 bytes. */
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
      // A separate key per purpose: no two pairs of purpose and value can collide.
      const purposeKey = createHmac('sha256', fingerprintKey).update(purpose).digest()
      return createHmac('sha256', purposeKey).update(value).digest('base64url')
    },
  }
}

const CHECK_KEY = 'secret_check'

/** Whether the database has been used with a secret. */
export async function hasSecret(db: Db): Promise<boolean> {
  const rows = await db.select({ key: setting.key }).from(setting).where(eq(setting.key, CHECK_KEY))
  return rows.length > 0
}

/**
 * Records a check value for the secret of a new database.
 * @throws StartupFault if the database was encrypted with another secret
 */
export async function checkSecret(db: Db, vault: Vault): Promise<void> {
  const value = vault.fingerprint('muster', CHECK_KEY)
  await db.insert(setting).values({ key: CHECK_KEY, value }).onConflictDoNothing()
  const [stored] = await db.select({ value: setting.value }).from(setting).where(eq(setting.key, CHECK_KEY))
  if (stored?.value === value) return
  throw new StartupFault(
    'MUSTER_SECRET',
    'it is not the secret that this database was encrypted with',
    'restore the earlier value, or the secret file of the data folder',
  )
}
