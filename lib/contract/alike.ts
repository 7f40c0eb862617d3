import * as z from 'zod/mini'

/**
 * Index among the numbers of one target that look the same when masked; 1 = used first. Null if the mask is
 * unique.
 */
export const Alike = z.nullable(z.number())
