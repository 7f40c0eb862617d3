import { endpoint } from './endpoint'
import { z } from './zod'

export const getHealth = endpoint({
  method: 'GET',
  path: '/api/health',
  input: z.object({}),
  output: z.object({ ok: z.literal(true) }),
})
