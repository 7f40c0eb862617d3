import * as z from 'zod/mini'

// Apart from the endpoints: what the form for another account's CEN needs, and no more.

/** As typed or pasted, surrounding space aside. */
export const CenId = z
  .string()
  .check(z.trim(), z.minLength(1, 'cen.empty'), z.regex(/^cen-[a-z0-9]{6,40}$/, 'cen.invalid'))

/**
 * The account that owns a CEN: 16 digits, in groups or not. They stay text on their whole way: numbers of this size are
 * rounded from 2^53 on.
 */
export const OwnerId = z.pipe(
  z.pipe(
    z.string().check(z.maxLength(64, 'owner.too_long')),
    z.transform((text: string) => text.normalize('NFKC').replace(/[\s\p{Dash_Punctuation}]/gu, '')),
  ),
  z
    .string()
    .check(
      z.minLength(1, 'owner.empty'),
      z.regex(/^\d*$/, 'owner.not_digits'),
      z.minLength(16, 'owner.too_short'),
      z.maxLength(16, 'owner.too_long'),
    ),
)

/** What the form for another account's CEN holds. */
export const ForeignCen = z.object({ cenId: CenId, ownerId: OwnerId })
