import type { RamRole, StsToken } from './model.ts'
import type { Caller } from './permissions.ts'
import {
  type Pairs,
  parseV3Authorization,
  sameText,
  sha256Hex,
  v1Signature,
  v1StringToSign,
  v3Signature,
  v3StringToSign,
} from './signature.ts'
import type { SandboxState } from './state.ts'
import { missing, refusal, type WireError } from './wire-errors.ts'

export interface WireRequest {
  method: string
  path: string
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>
  query: Pairs
  form: Pairs
  body: Buffer
}

const toleranceMs = 15 * 60_000

/** Remembers nonces until their request date would be refused anyway. */
export class NonceMemory {
  #byMinute = new Map<number, Set<string>>()

  /** Whether the key uses this nonce for the first time. */
  isNew(keyId: string, nonce: string, signedAt: number): boolean {
    const now = Date.now()
    for (const minute of this.#byMinute.keys()) {
      if ((minute + 1) * 60_000 + toleranceMs < now) this.#byMinute.delete(minute)
    }
    const entry = `${keyId} ${nonce}`
    for (const seen of this.#byMinute.values()) {
      if (seen.has(entry)) return false
    }
    const minute = Math.floor(signedAt / 60_000)
    const seen = this.#byMinute.get(minute) ?? new Set()
    this.#byMinute.set(minute, seen.add(entry))
    return true
  }
}

/** What both signature versions have in common. */
interface Signed {
  keyId: string
  securityToken: string | undefined
  date: string
  nonce: string
  /** The error for a wrong signature. Like the real one, it echoes what was signed. */
  mismatch: () => WireError
  fits: (secret: string) => boolean
}

export interface Authenticated {
  caller: Caller
  mismatch: () => WireError
}

/** Identifies the caller, or throws the gateway's error. Request dates are checked against real time. */
export function authenticate(request: WireRequest, state: SandboxState, nonces: NonceMemory): Authenticated {
  const signed = request.headers.authorization !== undefined ? readV3(request) : readV1(request)
  const key = state.world.keys.get(signed.keyId)
  const token = state.token(signed.keyId)
  const secret = key?.secret ?? token?.secret
  if (secret === undefined) throw refusal('InvalidAccessKeyId.NotFound')
  if (!signed.fits(secret)) throw signed.mismatch()
  const signedAt = readDate(signed.date)
  if (Math.abs(signedAt - Date.now()) > toleranceMs) throw refusal('InvalidTimeStamp.Expired')
  if (!nonces.isNew(signed.keyId, signed.nonce, signedAt)) throw refusal('SignatureNonceUsed')
  if (token) {
    checkToken(token, signed.securityToken, state)
    return { caller: roleSession(token, state), mismatch: signed.mismatch }
  }
  if (signed.securityToken !== undefined) throw refusal('InvalidSecurityToken.MismatchWithAccessKey')
  return { caller: longTermCaller(signed.keyId, state), mismatch: signed.mismatch }
}

const alwaysSigned = [
  'host',
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-content-sha256',
]

function readV3(request: WireRequest): Signed {
  const { headers } = request
  const authorization = parseV3Authorization(headers.authorization ?? '')
  if (!authorization) throw refusal('IncompleteSignature')
  const { keyId, signedHeaders, signature } = authorization
  const mustBeSigned = [...alwaysSigned, ...Object.keys(headers).filter((name) => name.startsWith('x-acs-'))]
  if (!mustBeSigned.every((name) => headers[name] !== undefined && signedHeaders.includes(name))) {
    throw refusal('IncompleteSignature')
  }
  const bodyHash = sha256Hex(request.body)
  const { canonicalRequest, stringToSign } = v3StringToSign({ ...request, signedHeaders, bodyHash })
  const signedBody = headers['x-acs-content-sha256'] === bodyHash
  const namedKey = headers['x-acs-accesskey-id'] ?? keyId
  return {
    keyId,
    securityToken: headers['x-acs-security-token'],
    date: headers['x-acs-date'] ?? '',
    nonce: headers['x-acs-signature-nonce'] ?? '',
    fits: (secret) =>
      signedBody && namedKey === keyId && sameText(signature, v3Signature(secret, stringToSign)),
    mismatch: () =>
      refusal('SignatureDoesNotMatch', {
        message: `Specified signature does not match our calculation. server StringToSign is [${stringToSign}] server CanonicalRequest is [${canonicalRequest}]`,
      }),
  }
}

function readV1(request: WireRequest): Signed {
  const fields = [...request.query, ...request.form]
  const values = new Map(fields)
  const need = (name: string): string => {
    const value = values.get(name)
    if (!value) throw missing(name)
    return value
  }
  const keyId = need('AccessKeyId')
  const signature = need('Signature')
  const date = need('Timestamp')
  const nonce = need('SignatureNonce')
  if (need('SignatureMethod') !== 'HMAC-SHA1') throw refusal('InvalidSignatureMethod')
  if (need('SignatureVersion') !== '1.0') throw refusal('IncompleteSignature')
  const stringToSign = v1StringToSign(request.method, fields)
  return {
    keyId,
    securityToken: values.get('SecurityToken') || undefined,
    date,
    nonce,
    fits: (secret) => sameText(signature, v1Signature(secret, stringToSign)),
    mismatch: () =>
      refusal('SignatureDoesNotMatch', {
        message: `Specified signature is not matched with our calculation. server string to sign is:${stringToSign}`,
      }),
  }
}

function readDate(text: string): number {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) throw refusal('InvalidTimeStamp.Format')
  return time
}

function checkToken(token: StsToken, given: string | undefined, state: SandboxState): void {
  if (given === undefined) throw refusal('MissingSecurityToken')
  if (given !== token.token) {
    throw refusal(
      state.tokenExists(given)
        ? 'InvalidSecurityToken.MismatchWithAccessKey'
        : 'InvalidSecurityToken.Malformed',
    )
  }
  if (token.expiresAt <= state.now()) throw refusal('InvalidSecurityToken.Expired')
}

function roleSession(token: StsToken, state: SandboxState): Caller {
  const role: RamRole | undefined = state.world.roles.get(token.roleArn)
  if (!role) throw refusal('InvalidSecurityToken.Malformed')
  return {
    keyId: token.keyId,
    accountId: role.accountId,
    kind: 'role',
    name: `${role.name}/${token.sessionName}`,
    arn: `acs:ram::${role.accountId}:assumed-role/${role.name}/${token.sessionName}`,
    principalId: `${role.id}:${token.sessionName}`,
    policies: role.policies,
    sessionPolicy: token.sessionPolicy,
  }
}

function longTermCaller(keyId: string, state: SandboxState): Caller {
  const { keys, users } = state.world
  const key = keys.get(keyId)
  if (!key) throw refusal('InvalidAccessKeyId.NotFound')
  const { accountId, userName } = key
  const root = { keyId, accountId, name: 'root', arn: `acs:ram::${accountId}:root`, principalId: accountId }
  if (userName === undefined) return { ...root, kind: 'root', policies: [] }
  const user = users.find((known) => known.accountId === accountId && known.name === userName)
  if (!user) throw refusal('InvalidAccessKeyId.NotFound')
  return {
    keyId,
    accountId,
    kind: 'user',
    name: user.name,
    arn: `acs:ram::${accountId}:user/${user.name}`,
    principalId: user.id,
    policies: user.policies,
  }
}
