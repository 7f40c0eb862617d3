import { expect, test, vi } from 'vitest'
import { AppError } from '@/lib/contract/errors'
import { CloudError } from './failure'

const failure = { code: 'cloud.busy', kind: 'busy', executed: 'no' } as const

test('a CloudError is an AppError without a message of its own', () => {
  const error = new CloudError(failure)
  expect(error).toBeInstanceOf(AppError)
  expect(error).toMatchObject({ ...failure, message: 'cloud.busy', endsSession: false, retryable: false })
  expect(error.cause).toBeUndefined()
})

test('a CloudError is recognized across bundles, and nothing else is', async () => {
  vi.resetModules()
  const other = await import('./failure')
  expect(other.CloudError).not.toBe(CloudError)
  expect(new other.CloudError(failure) instanceof CloudError).toBe(true)
  expect(new AppError('cloud.busy') instanceof CloudError).toBe(false)
  expect({ name: 'CloudError', executed: 'no' } instanceof CloudError).toBe(false)
})
