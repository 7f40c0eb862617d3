import * as z from 'zod/mini'

// Ids are strings, here and on the wire. A number is rejected: above 2^53 it would have been rounded.
export const id = z.string().check(z.minLength(1))
/** At least one visible character: not only whitespace, control or format characters, or fillers. */
const visible = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u

/** null = missing or invisible: a blank name would make an invisible link. */
export const textOrNull = z.pipe(
  z.optional(z.nullable(z.string())),
  z.transform((value) => (value && visible.test(value) ? value : null)),
)

/** For rows whose other fields are still useful: a value that is not text becomes null. */
export const lenientText = z.catch(textOrNull, null)

/**
 * The readable rows of a list; `received` counts all rows. One row without an id must not hide the rest, but a list
 * without any readable row must not pass for an empty one.
 */
export function rowsOf<T extends z.ZodMiniType>(row: T) {
  return z
    .pipe(
      z.array(z.unknown()),
      z.transform((received) => ({
        received: received.length,
        rows: received.flatMap((one) => {
          const read = row.safeParse(one)
          return read.success ? [read.data as z.output<T>] : []
        }),
      })),
    )
    .check(z.refine(({ received, rows }) => received === 0 || rows.length > 0))
}
export const dateOrNull = z.pipe(
  textOrNull,
  z.transform((value) => (value === null || Number.isNaN(Date.parse(value)) ? null : new Date(value))),
)
export const lenientDate = z.catch(dateOrNull, null)
export const date = z.pipe(
  z.string().check(z.refine((value) => !Number.isNaN(Date.parse(value)))),
  z.transform((value) => new Date(value)),
)
export const total = z.int().check(z.minimum(0))
