import { expect, test } from 'vitest'
import {
  type Pairs,
  parseV3Authorization,
  sha256Hex,
  v1Signature,
  v1StringToSign,
  v3Signature,
  v3StringToSign,
} from './signature.ts'

// Recorded from the official clients with a fixed clock and nonce. All keys are fake.
const secret = 'FAKE-example-secret-0000'
const stsSecret = 'FAKE-example-sts-secret-0000'
const token = 'FAKE/token+for=examples'
const text = "a b+c*d~e'(f)!/中"
const date = '2026-01-15T08:30:00Z'
const nonce = '0123456789abcdef0123456789abcdef'

function v3Headers(host: string, action: string, version: string, bodyHash: string, provider = 'static_ak') {
  return {
    host,
    'x-acs-action': action,
    'x-acs-content-sha256': bodyHash,
    'x-acs-credentials-provider': provider,
    'x-acs-date': date,
    'x-acs-signature-nonce': nonce,
    'x-acs-version': version,
  }
}

function sign(headers: Record<string, string>, query: Pairs, body: string, key: string) {
  const { canonicalRequest, stringToSign } = v3StringToSign({
    method: 'POST',
    path: '/',
    query,
    headers,
    signedHeaders: Object.keys(headers).sort(),
    bodyHash: sha256Hex(body),
  })
  return { hash: sha256Hex(canonicalRequest), signature: v3Signature(key, stringToSign) }
}

test('V3 signs a query with special characters like the official client', () => {
  const sent = 'PageNumber=1&PageSize=20&QueryKeyword=a%20b%2Bc*d~e%27(f)!%2F%E4%B8%AD&Tag.1.Key=team'
  const query = [...new URLSearchParams(sent)]
  expect(query).toContainEqual(['QueryKeyword', text])
  const headers = v3Headers('resourcemanager.example.test', 'ListAccounts', '2020-03-31', sha256Hex(''))
  expect(sign(headers, query, '', secret)).toEqual({
    hash: '55a6374f08d3e6de047d7695c5bb6d45097af8b951b2b922b02b7f8be2038fd4',
    signature: '948dcfea15d7723bc50d4ff628a24fa3dc7dd29a7d0c82ccbb6b55ce9f6cf7ed',
  })
})

test('V3 signs a form body with temporary credentials', () => {
  const body = 'SerialNumber=serial%2F1%202*'
  expect(sha256Hex(body)).toBe('356c2ef08243b9e4757c31d7c05f184f87bba4f4838b3163fbdaa80881328b12')
  const headers = {
    ...v3Headers('ecd.example.test', 'LockVirtualMFADevice', '2020-09-30', sha256Hex(body), 'static_sts'),
    'content-type': 'application/x-www-form-urlencoded',
    'x-acs-accesskey-id': 'STS.FAKE-EXAMPLE-KEY',
    'x-acs-security-token': token,
  }
  expect(sign(headers, [['RegionId', 'cn-hangzhou']], body, stsSecret)).toEqual({
    hash: '995fe342e8b8aeea08ed00f070b036be27d482b597c92efc1bb8ed94122120c9',
    signature: '6f82bf22ae46c218f6bfdfea29a28b25b4ee19931b3dab4916c6f35b422aa561',
  })
})

test('V3 signs a call without parameters', () => {
  const headers = v3Headers('sts.example.test', 'GetCallerIdentity', '2015-04-01', sha256Hex(''))
  expect(sign(headers, [], '', secret)).toEqual({
    hash: 'b3518c01a562593f05613e444f7e16186cc04de0a4519a4248bc0f29df25e144',
    signature: 'a019cd6338cbfc9d94b073f0b744712f95264eb52f4c4a081ed119bbbc37763b',
  })
})

const older: Pairs = [
  ['SignatureMethod', 'HMAC-SHA1'],
  ['SignatureNonce', nonce],
  ['SignatureVersion', '1.0'],
  ['Timestamp', date],
]

test('V1 signs a GET request', () => {
  const fields: Pairs = [
    ...older,
    ['AccessKeyId', 'LTAI-FAKE-EXAMPLE-KEY'],
    ['Action', 'GetCallerIdentity'],
    ['Format', 'JSON'],
    ['Version', '2015-04-01'],
    ['Signature', 'what was sent is not signed'],
  ]
  expect(v1Signature(secret, v1StringToSign('GET', fields))).toBe('Ge4xeAPvJSe3Hc7IvZmQg5ERtLI=')
})

test('V1 signs query and form together', () => {
  const fields: Pairs = [
    ...older,
    ['AccessKeyId', 'STS.FAKE-EXAMPLE-KEY'],
    ['SecurityToken', token],
    ['AccountId', '1000000000000001'],
    ['Action', 'UpdateAccount'],
    ['Format', 'json'],
    ['Version', '2020-03-31'],
    ['NewDisplayName', text],
  ]
  expect(v1Signature(stsSecret, v1StringToSign('POST', fields))).toBe('tJd3DQxdlIykFPB5/W07fmJgJL0=')
})

test('V1 signs a form without a query', () => {
  const fields: Pairs = [
    ...older,
    ['AccessKeyId', 'STS.FAKE-EXAMPLE-KEY'],
    ['SecurityToken', token],
    ['Action', 'ListAccounts'],
    ['Format', 'JSON'],
    ['Version', '2020-03-31'],
    ['PageSize', '20'],
    ['QueryKeyword', text],
  ]
  expect(v1Signature(stsSecret, v1StringToSign('POST', fields))).toBe('ov4iOzHTWsIiXP7hod+PqQ2MxHM=')
})

test('an Authorization header of another format is not parsed', () => {
  const signature = 'a'.repeat(64)
  expect(
    parseV3Authorization(`ACS3-HMAC-SHA256 Credential=k,SignedHeaders=a;b,Signature=${signature}`),
  ).toEqual({
    keyId: 'k',
    signedHeaders: ['a', 'b'],
    signature,
  })
  expect(
    parseV3Authorization(`ACS3-HMAC-SM3 Credential=k,SignedHeaders=a,Signature=${signature}`),
  ).toBeUndefined()
  expect(parseV3Authorization('Bearer something')).toBeUndefined()
})
