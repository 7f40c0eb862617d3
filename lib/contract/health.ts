import * as z from 'zod/mini'
import { endpoint } from './endpoint'

export const getHealth = endpoint({
  method: 'GET',
  path: '/api/health',
  input: z.object({}),
  output: z.object({ ok: z.literal(true) }),
})
