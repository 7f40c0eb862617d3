import * as z from 'zod/mini'

// Ids are strings here and on the wire; a number would be rounded above 2^53, so it is not accepted.
export const id = z.string().check(z.minLength(1))
export const textOrNull = z.pipe(
  z.optional(z.nullable(z.string())),
  z.transform((value) => value || null),
)
export const dateOrNull = z.pipe(
  textOrNull,
  z.transform((value) => (value === null || Number.isNaN(Date.parse(value)) ? null : new Date(value))),
)
export const date = z.pipe(
  z.string().check(z.refine((value) => !Number.isNaN(Date.parse(value)))),
  z.transform((value) => new Date(value)),
)
export const total = z.int().check(z.minimum(0))
