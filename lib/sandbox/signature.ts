// Both signature versions, implemented from the vendor's documentation and tested against recorded requests.
// V3: https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
// V1: https://help.aliyun.com/zh/sdk/product-overview/rpc-mechanism
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export type Pairs = readonly (readonly [name: string, value: string])[]

/** RFC 3986 encoding. encodeURIComponent leaves five characters unencoded that the vendor requires encoded. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Sorted by name. Values were decoded and are encoded again, because clients may send `* ! ( )` unencoded. */
function canonicalPairs(pairs: Pairs): string {
  return [...pairs]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&')
}

export function sha256Hex(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export interface V3Input {
  method: string
  path: string
  query: Pairs
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>
  signedHeaders: readonly string[]
  bodyHash: string
}

/** Builds the string that a V3 signature is computed over. */
export function v3StringToSign(input: V3Input): { canonicalRequest: string; stringToSign: string } {
  const headers = input.signedHeaders.map((name) => `${name}:${(input.headers[name] ?? '').trim()}\n`)
  const canonicalRequest = [
    input.method,
    input.path,
    canonicalPairs(input.query),
    headers.join(''),
    input.signedHeaders.join(';'),
    input.bodyHash,
  ].join('\n')
  return { canonicalRequest, stringToSign: `ACS3-HMAC-SHA256\n${sha256Hex(canonicalRequest)}` }
}

export function v3Signature(secret: string, stringToSign: string): string {
  return createHmac('sha256', secret).update(stringToSign).digest('hex')
}

/** Builds the string that a V1 signature is computed over, from query and form fields together. */
export function v1StringToSign(method: string, fields: Pairs): string {
  const canonical = canonicalPairs(fields.filter(([name]) => name !== 'Signature'))
  return `${method}&${percentEncode('/')}&${percentEncode(canonical)}`
}

export function v1Signature(secret: string, stringToSign: string): string {
  return createHmac('sha1', `${secret}&`).update(stringToSign).digest('base64')
}

export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

interface V3Authorization {
  keyId: string
  signedHeaders: readonly string[]
  signature: string
}

/** Parses an `Authorization: ACS3-HMAC-SHA256 …` header; undefined if it has another format. */
export function parseV3Authorization(header: string): V3Authorization | undefined {
  const match =
    /^ACS3-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{64})$/.exec(
      header,
    )
  const [, keyId, names, signature] = match ?? []
  if (!keyId || !names || !signature) return undefined
  return { keyId, signedHeaders: names.split(';'), signature }
}
