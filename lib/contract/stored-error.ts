import * as z from 'zod/mini'
import { type ErrorBody, type ErrorCode, errorStatus } from './errors'

const codes = Object.keys(errorStatus) as ErrorCode[]
const text = z.optional(z.string())

/** A failure that was kept and is told later, perhaps by a newer console that has another name for it. */
export const StoredError = z.object({
  code: z.catch(z.enum(codes), 'internal'),
  params: z.optional(z.record(z.string(), z.union([z.string(), z.number()]))),
  upstream: z.optional(
    z.object({ product: z.string(), operation: z.string(), code: text, message: text, requestId: text }),
  ),
}) satisfies z.ZodMiniType<Pick<ErrorBody, 'code' | 'params' | 'upstream'>>
