import { expect, test } from 'vitest'
import { StoredError } from './stored-error'

test.each([
  ['code.no_tries_left', 'code.no_attempts_left'],
  ['code.tries_used_upstream', 'code.attempts_used_upstream'],
  ['code.incorrect', 'code.incorrect'],
  ['code.of_a_newer_version', 'internal'],
])('the stored code %s is read as %s', (stored, code) => {
  expect(StoredError.parse({ code: stored })).toEqual({ code })
})
