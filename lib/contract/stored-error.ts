import * as z from 'zod/mini'
import { type ErrorBody, type ErrorCode, errorStatus } from './errors'

const codes = Object.keys(errorStatus) as ErrorCode[]
const text = z.optional(z.string())

/**
 * A failure that was kept and is shown later, perhaps by a console of an older version than the one that kept it: what it
 * cannot read of it is left out.
 */
export const StoredError = z.catch(
  z.object({
    code: z.catch(z.enum(codes), 'internal'),
    params: z.catch(z.optional(z.record(z.string(), z.union([z.string(), z.number()]))), undefined),
    upstream: z.catch(
      z.optional(
        z.object({ product: z.string(), operation: z.string(), code: text, message: text, requestId: text }),
      ),
      undefined,
    ),
  }),
  { code: 'internal' },
) satisfies z.ZodMiniType<Pick<ErrorBody, 'code' | 'params' | 'upstream'>>
