import { describe, expect, test } from 'vitest'
import { errorStatus } from '@/lib/contract/errors'
import { catalog, meaningOf } from './catalog'
import { operations } from './operations'

const calls = Object.values(operations)

describe('the catalog', () => {
  test.each(catalog.map((row) => [`${row.product} ${row.operation} ${row.code}`, row] as const))(
    '%s',
    (_, row) => {
      expect(errorStatus).toHaveProperty([row.to])
      expect(new URL(row.source).protocol).toBe('https:')
      if (row.product === '*') expect(row.operation).toBe('*')
      else
        expect(calls).toContainEqual(
          expect.objectContaining({ product: row.product, operation: row.operation }),
        )
    },
  )

  test('has one row per product, operation and code', () => {
    const keys = catalog.map((row) => `${row.product} ${row.operation} ${row.code}`)
    expect(keys).toHaveLength(new Set(keys).size)
  })

  test('lists every code that ends a session', () => {
    expect(
      catalog
        .filter((row) => row.endsSession)
        .map((row) => row.code)
        .sort(),
    ).toEqual([
      'AuthenticationFail.ApiPassword',
      'AuthenticationFail.ApiUsername',
      'Forbidden.AccessKeyDisabled',
      'InvalidAccessKeyId.Inactive',
      'InvalidAccessKeyId.NotFound',
      'InvalidSecurityToken.Expired',
      'InvalidSecurityToken.Malformed',
      'InvalidSecurityToken.MismatchWithAccessKey',
      'MissingSecurityToken',
      'SignatureDoesNotMatch',
    ])
  })
})

describe('the meaning of a code', () => {
  test('comes from the row of the operation before that of the gateway', () => {
    expect(meaningOf('Sts', 'AssumeRole', 'NoPermission').to).toBe('signin.role_refused')
    expect(meaningOf('ResourceManager', 'BindSecureMobilePhone', 'NoPermission').to).toBe('cloud.permission')
  })

  test('is the one other operations agree on if this one does not list the code', () => {
    const send = 'SendVerificationCodeForBindSecureMobilePhone'
    expect(meaningOf('ResourceManager', send, 'AccountSecureMobileAlreadyExists').to).toBe(
      'phone.already_bound',
    )
    expect(meaningOf('ResourceManager', send, 'EntityNotExists.ResourceDirectory').to).toBe(
      'directory.not_managed',
    )
  })

  test('is that of its family if the code is not listed', () => {
    const meaning = (code: string) => meaningOf('ResourceDirectoryMaster', 'ListAccounts', code)
    expect(meaning('Throttling.Anything')).toMatchObject({ to: 'cloud.busy', retryable: true })
    expect(meaning('InvalidAccessKeyId')).toMatchObject({ to: 'signin.key_unknown', endsSession: true })
    expect(meaning('InvalidSecurityToken.New')).toMatchObject({
      to: 'signin.token_refused',
      endsSession: true,
    })
  })

  test.each(['MissingAccountId', 'InvalidPageSize', 'SomethingNew', 'NotThrottling'])(
    '%s is a plain refusal',
    (code) => {
      expect(meaningOf('ResourceDirectoryMaster', 'ListAccounts', code)).toEqual({ to: 'cloud.refused' })
    },
  )
})
