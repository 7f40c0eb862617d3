import * as z from 'zod/mini'

/**
 * Which of several numbers of one target that look the same when masked: 1 is the one used first. null where the mask alone
 * tells.
 */
export const Alike = z.nullable(z.number())
