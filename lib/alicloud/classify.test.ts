import { describe, expect, test } from 'vitest'
import { classify } from './classify'

// Errors that the SDK and Node produce but that a local test server cannot trigger.
const facts = { name: 'bindPhone', site: 'international', secrets: [] } as const

function thrown(fields: object): Error {
  return Object.assign(new Error('POST https://host/?SecureMobilePhone=65-91234567 failed.'), fields)
}

describe('not sent', () => {
  test.each([
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])('%s', (code) => {
    expect(classify(thrown({ code }), facts)).toMatchObject({
      code: 'cloud.unreachable',
      kind: 'silent',
      executed: 'no',
      wire: { code },
    })
  })

  test.each([
    { code: 'InvalidCredentials' },
    { code: 'ERR_INVALID_CHAR' },
    { code: 'ERR_HTTP_INVALID_HEADER_VALUE' },
    { name: 'URIError' },
  ])('%j is a bug in this console', (fields) => {
    expect(classify(thrown(fields), facts)).toMatchObject({
      code: 'internal',
      executed: 'no',
      retryable: false,
    })
  })
})

describe('possibly sent', () => {
  test.each([
    // Thrown both for a slow connect and for a server that does not respond.
    { name: 'RequestTimeoutError' },
    { code: 'ETIMEDOUT' },
    { code: 'EPIPE' },
    { code: 'SOMETHING_NEW' },
  ])('%j', (fields) => {
    expect(classify(thrown(fields), facts)).toMatchObject({
      code: 'cloud.silent',
      kind: 'silent',
      executed: 'maybe',
    })
  })

  test.each([['a thrown string'], [undefined], [new TypeError('x is not a function')]])('%s', (anything) => {
    expect(classify(anything, facts)).toMatchObject({ code: 'cloud.not_understood', executed: 'maybe' })
  })
})

test('an error with a status is a response, whatever its other fields say', () => {
  const error = thrown({ statusCode: 404, code: 'ECONNREFUSED', data: { Code: 'EntityNotExists.Account' } })
  expect(classify(error, facts)).toMatchObject({ code: 'member.not_found', kind: 'refused', executed: 'no' })
})

test.each([
  // How Alibaba Cloud names a RAM user and a role.
  ['212345678901234567', 'wei.tan'],
  ['muster-operator:mei', 'muster-operator:mei'],
  [undefined, 'unknown'],
])('a denial of %s names %s', (AuthPrincipalDisplayName, principal) => {
  const data = { Code: 'NoPermission', AccessDeniedDetail: { AuthPrincipalDisplayName } }
  const error = thrown({ statusCode: 403, code: 'NoPermission', data })
  const failure = classify(error, { ...facts, caller: 'wei.tan' })
  expect(failure).toMatchObject({ code: 'cloud.permission', params: { principal } })
})

test('a malformed code is not passed on', () => {
  const error = thrown({ statusCode: 400, code: 'phone 65-91234567', data: { Code: 'phone 65-91234567' } })
  const failure = classify(error, facts)
  expect(failure.code).toBe('cloud.not_understood')
  expect(JSON.stringify(failure)).not.toContain('91234567')
})
