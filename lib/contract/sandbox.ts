import * as z from 'zod/mini'
import { audited } from './audited'
import { endpoint } from './endpoint'
import { routes } from './routes'
import { sites } from './site'

export const SandboxMessage = z.object({
  id: z.string(),
  channel: z.enum(['sms', 'email']),
  to: z.string(),
  operation: z.string(),
  accountId: z.string(),
  accountName: z.optional(z.string()),
  code: z.string(),
  /** Both by the sandbox's clock, which the page knows from `clock`. */
  sentAt: z.string(),
  expiresAt: z.string(),
  /** Why the code is void, even if it has not expired. */
  voidBecause: z.nullable(z.enum(['newer_code', 'used'])),
})
export type SandboxMessage = z.infer<typeof SandboxMessage>

export const SandboxFault = z.object({
  id: z.string(),
  operation: z.string(),
  fault: z.string(),
  timesLeft: z.number(),
  effect: z.boolean(),
})
export type SandboxFault = z.infer<typeof SandboxFault>

/** One received call. `outcome` is `OK`, the error code returned, or the fault that replaced the answer. */
export const SandboxCall = z.object({
  requestId: z.string(),
  time: z.string(),
  operation: z.string(),
  caller: z.string(),
  outcome: z.string(),
  /** Whether the operation was carried out, whatever the answer was. */
  effect: z.boolean(),
})
export type SandboxCall = z.infer<typeof SandboxCall>

/**
 * A test user who can sign in to the sandbox. The keys may be shown because they are public and give access
 * to nothing real.
 */
export const SandboxPersona = z.object({
  id: z.string(),
  keyId: z.string(),
  secret: z.string(),
  site: z.enum(sites),
  accountId: z.string(),
  accountName: z.string(),
  company: z.string(),
  /** Absent for the root user. */
  userName: z.optional(z.string()),
})
export type SandboxPersona = z.infer<typeof SandboxPersona>

export const SandboxState = z.object({
  personas: z.array(SandboxPersona),
  messages: z.array(SandboxMessage),
  messageTotal: z.number(),
  calls: z.array(SandboxCall),
  callTotal: z.number(),
  faults: z.array(SandboxFault),
  operations: z.array(
    z.object({
      name: z.string(),
      /** A fault armed by the bare name affects the operation in all of them. */
      products: z.array(z.string()),
    }),
  ),
  clock: z.object({ now: z.string(), offsetSeconds: z.number() }),
})
export type SandboxState = z.infer<typeof SandboxState>

/** Received messages, for the frame around every page. */
export const getInbox = endpoint({
  ...routes.getInbox,
  input: z.object({}),
  output: z.object({
    messages: z.array(SandboxMessage),
    messageTotal: z.number(),
    /** By the sandbox's clock. */
    now: z.string(),
  }),
})

const changed = { output: z.object({}) }

export const getSandbox = endpoint({
  ...routes.getSandbox,
  input: z.object({}),
  output: SandboxState,
})

/** Faults that replace the answer: for these the operation may be carried out first. */
export const replacingFaults = ['silent', 'reset', 'html502', 'empty'] as const

export const faultKinds = [...replacingFaults, 'throttle', 'unavailable', 'slow', 'code'] as const

export const ArmFault = z
  .object({
    operation: audited(z.string().check(z.minLength(1, 'input.required'), z.maxLength(100))),
    fault: audited(z.enum(faultKinds)),
    /** For `code`: the error code to return. */
    code: z.optional(audited(z.string().check(z.trim(), z.minLength(1, 'input.required'), z.maxLength(100)))),
    /** For `slow`: the delay. */
    milliseconds: z.optional(
      audited(
        z
          .int('fault.milliseconds')
          .check(z.minimum(1, 'fault.milliseconds'), z.maximum(600_000, 'fault.milliseconds')),
      ),
    ),
    times: audited(z.int('fault.times').check(z.minimum(1, 'fault.times'), z.maximum(1000, 'fault.times'))),
    /** For faults that replace the answer: whether the operation is carried out first. */
    effect: z.optional(audited(z.boolean())),
  })
  .check(
    z.refine(({ fault, code }) => fault !== 'code' || code !== undefined, {
      path: ['code'],
      error: 'input.required',
    }),
    z.refine(({ fault, milliseconds }) => fault !== 'slow' || milliseconds !== undefined, {
      path: ['milliseconds'],
      error: 'fault.milliseconds',
    }),
  )
export type ArmFault = z.infer<typeof ArmFault>

export const armFault = endpoint({
  ...routes.armFault,
  input: ArmFault,
  ...changed,
})

export const disarmFault = endpoint({
  ...routes.disarmFault,
  input: z.object({ id: audited(z.string().check(z.maxLength(100))) }),
  ...changed,
})

export const advanceClock = endpoint({
  ...routes.advanceClock,
  input: z.object({ seconds: audited(z.int().check(z.minimum(1), z.maximum(31_536_000))) }),
  ...changed,
})

export const resetSandbox = endpoint({
  ...routes.resetSandbox,
  input: z.object({}),
  /** Whether the caller's session was ended, too. */
  output: z.object({ ended: z.boolean() }),
})
