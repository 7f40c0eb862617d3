import * as z from 'zod/mini'
import { type ErrorBody, type ErrorCode, errorStatus } from './errors'

const codes = Object.keys(errorStatus) as ErrorCode[]
const text = z.optional(z.string())

/**
 * A failure that was stored and is shown later, perhaps by an older version of this console than the one that
 * stored it. Parts that it cannot read are left out.
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
