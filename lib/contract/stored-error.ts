import * as z from 'zod/mini'
import { type ErrorBody, type ErrorCode, errorStatus } from './errors'

const codes = Object.keys(errorStatus) as ErrorCode[]
const text = z.optional(z.string())

/** Codes as earlier versions stored them, with their names of today. */
const renamed = new Map<string, ErrorCode>([
  ['code.no_tries_left', 'code.no_attempts_left'],
  ['code.tries_used_upstream', 'code.attempts_used_upstream'],
])
const StoredCode = z.pipe(
  z.pipe(
    z.string(),
    z.transform((code) => renamed.get(code) ?? code),
  ),
  z.enum(codes),
)

/**
 * A failure that was stored and is shown later, perhaps by an older version of this console than the one that
 * stored it. Parts that it cannot read are left out.
 */
export const StoredError = z.catch(
  z.object({
    code: z.catch(StoredCode, 'internal'),
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
