import { endpoint } from './endpoint'
import { z } from './zod'

export const SandboxMessage = z.object({
  id: z.string(),
  channel: z.enum(['sms', 'email']),
  to: z.string(),
  operation: z.string(),
  accountId: z.string(),
  code: z.string(),
  sentAt: z.string(),
  secondsAgo: z.number(),
  secondsLeft: z.number(),
  /** A newer code was sent for the same purpose. */
  superseded: z.boolean(),
})
export type SandboxMessage = z.infer<typeof SandboxMessage>

export const SandboxFault = z.object({
  id: z.string(),
  operation: z.string(),
  fault: z.string(),
  timesLeft: z.number(),
  effect: z.boolean(),
})

export const SandboxState = z.object({
  messages: z.array(SandboxMessage),
  calls: z.array(
    z.object({
      operation: z.string(),
      time: z.string(),
      caller: z.string(),
      outcome: z.string(),
      requestId: z.string(),
    }),
  ),
  callTotal: z.number(),
  faults: z.array(SandboxFault),
  operations: z.array(z.string()),
  clock: z.object({ now: z.string(), offsetSeconds: z.number() }),
})
export type SandboxState = z.infer<typeof SandboxState>

const changed = { output: z.object({}) }

export const getSandbox = endpoint({
  method: 'GET',
  path: '/api/sandbox',
  input: z.object({}),
  output: SandboxState,
  polling: true,
})

/** Faults that replace the answer: for these the operation may be carried out first. */
export const replacingFaults = ['html502', 'empty', 'silent', 'reset'] as const

export const ArmFault = z.object({
  operation: z.string().check(z.minLength(1, 'input.required'), z.maxLength(100)),
  fault: z.string().check(z.trim(), z.minLength(1, 'input.required'), z.maxLength(100)),
  times: z.int('fault.times').check(z.minimum(1, 'fault.times'), z.maximum(1000, 'fault.times')),
  effect: z.optional(z.boolean()),
})

export const armFault = endpoint({ method: 'POST', path: '/api/sandbox/faults', input: ArmFault, ...changed })

export const disarmFault = endpoint({
  method: 'DELETE',
  path: '/api/sandbox/faults/:id',
  input: z.object({ id: z.string().check(z.maxLength(100)) }),
  ...changed,
})

export const advanceClock = endpoint({
  method: 'POST',
  path: '/api/sandbox/clock',
  input: z.object({ seconds: z.int().check(z.minimum(1), z.maximum(31_536_000)) }),
  ...changed,
})

export const resetSandbox = endpoint({
  method: 'POST',
  path: '/api/sandbox/reset',
  input: z.object({}),
  ...changed,
})
