import * as z from 'zod/mini'
import { endpoint } from './endpoint'
import { routes } from './routes'

export const getHealth = endpoint({
  ...routes.getHealth,
  input: z.object({}),
  output: z.object({ ok: z.literal(true) }),
})

export const unreadyReasons = [
  'database_unreachable',
  'not_migrated',
  'read_only',
  'no_space',
  'shutting_down',
] as const

/** For load balancers: answered 503 with the reason while requests should go elsewhere. */
export const getReady = endpoint({
  ...routes.getReady,
  input: z.object({}),
  output: z.object({ ready: z.boolean(), reason: z.optional(z.enum(unreadyReasons)) }),
})
