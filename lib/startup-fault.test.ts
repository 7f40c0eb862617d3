import { expect, test } from 'vitest'
import { StartupFault } from './startup-fault.ts'

test('a start-up fault is one line: resource, fault, example', () => {
  const fault = new StartupFault('PORT', 'is not a port:\n  "http"', 'PORT=3000')
  expect(fault.message).toBe('PORT: is not a port: "http". Example: PORT=3000')
  expect(fault).toBeInstanceOf(Error)
  expect(fault.resource).toBe('PORT')
})
