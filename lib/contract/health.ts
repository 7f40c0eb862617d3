import * as z from 'zod/mini'
import { endpoint } from './endpoint'
import { routes } from './routes'

export const getHealth = endpoint({
  ...routes.getHealth,
  input: z.object({}),
  output: z.object({ ok: z.literal(true) }),
})
