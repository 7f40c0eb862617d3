import * as z from 'zod/mini'

// Ids are strings here and on the wire; a number would be rounded above 2^53, so it is not accepted.
export const id = z.string().check(z.minLength(1))
/** Something that a reader sees: not only blanks, control and format characters, or fillers. */
const visible = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u

/** null = left out, or nothing to see: a name of blanks would be a link that nobody finds. */
export const textOrNull = z.pipe(
  z.optional(z.nullable(z.string())),
  z.transform((value) => (value && visible.test(value) ? value : null)),
)

/** Of a row whose other fields are worth reading: what is no text is left out. */
export const oddOrText = z.catch(textOrNull, null)

/**
 * The rows of a list that can be read; `received` counts the others, too. One row without an id must not hide the rest, and
 * a list of nothing else must not pass for an empty one.
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
export const oddOrDate = z.catch(dateOrNull, null)
export const date = z.pipe(
  z.string().check(z.refine((value) => !Number.isNaN(Date.parse(value)))),
  z.transform((value) => new Date(value)),
)
export const total = z.int().check(z.minimum(0))
