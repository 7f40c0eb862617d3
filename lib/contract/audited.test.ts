import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { audited, auditedPart } from './audited'

const text = z.string()
const fit = audited(z.string())

describe('only marked fields are let through', () => {
  test.each<[string, z.ZodMiniType, unknown, unknown]>([
    ['an object', z.object({ id: fit, phone: text }), { id: 'a', phone: 'P', extra: 'P' }, { id: 'a' }],
    ['optional', z.object({ a: z.optional(fit), b: z.optional(text) }), { a: 'a', b: 'P' }, { a: 'a' }],
    ['a mark around optional', z.object({ a: audited(z.optional(text)) }), { a: 'a' }, { a: 'a' }],
    ['nullable', z.object({ a: z.nullable(fit), b: z.nullable(text) }), { a: null, b: null }, { a: null }],
    ['a nullable phone', z.object({ b: z.nullable(text) }), { b: 'P' }, {}],
    [
      'a default',
      z.object({ a: z._default(fit, 'd'), b: z._default(text, 'P') }),
      { a: 'd', b: 'P' },
      { a: 'd' },
    ],
    [
      'an array of objects',
      z.object({ rows: z.array(z.object({ memberId: fit, phone: text })) }),
      {
        rows: [
          { memberId: 'a', phone: 'P' },
          { memberId: 'b', phone: 'P' },
        ],
      },
      { rows: [{ memberId: 'a' }, { memberId: 'b' }] },
    ],
    ['an array of numbers', z.object({ phones: z.array(text) }), { phones: ['P'] }, {}],
    ['a record', z.object({ a: z.record(fit, fit) }), { a: { x: 'y' } }, { a: { x: 'y' } }],
    ['a record by phone', z.object({ a: z.record(text, fit) }), { a: { P: 'y' } }, {}],
    ['unknown fields', z.looseObject({ a: fit }), { a: 'a', b: 'P' }, { a: 'a' }],
    [
      'a transform of a marked text',
      z.object({
        a: z.pipe(
          fit,
          z.transform(() => 'P'),
        ),
      }),
      { a: 'P' },
      {},
    ],
    [
      'a marked transform',
      z.object({
        a: audited(
          z.pipe(
            text,
            z.transform(() => 'x'),
          ),
        ),
      }),
      { a: 'x' },
      { a: 'x' },
    ],
    ['any', z.object({ a: z.any(), b: z.unknown() }), { a: 'P', b: { c: 'P' } }, {}],
    ['any with a mark', z.object({ a: audited(z.any()) }), { a: { phone: 'P' } }, {}],
    ['a check after the mark', z.object({ a: audited(z.string()).check(z.minLength(1)) }), { a: 'P' }, {}],
    [
      'lazy',
      z.object({ a: z.lazy(() => z.object({ b: fit, c: text })) }),
      { a: { b: 'b', c: 'P' } },
      { a: { b: 'b' } },
    ],
    ['a number that JSON would round', z.object({ a: audited(z.number()) }), { a: 0.1 }, {}],
    [
      'a union discriminated by a literal',
      z.object({
        a: z.union([
          z.object({ kind: audited(z.literal('x')), name: fit }),
          z.object({ kind: audited(z.literal('y')), name: text }),
        ]),
      }),
      { a: { kind: 'y', name: 'P' } },
      { a: { kind: 'y' } },
    ],
    ['a union that nothing discriminates', z.object({ a: z.union([fit, text]) }), { a: 'P' }, {}],
    ['anything but an object', z.string(), 'P', {}],
  ])('%s', (_, schema, value, expected) => {
    expect(auditedPart(schema, value)).toEqual(expected)
  })
})

/** A schema, and a value that it can produce. */
interface Sample {
  schema: z.ZodMiniType
  value: unknown
}

const secret = fc.nat().map((n) => `secret-${n}`)
const open = fc.nat().map((n) => `open-${n}`)

const unmarked: fc.Arbitrary<Sample> = secret.map((value) => ({ schema: z.string(), value }))
const marked: fc.Arbitrary<Sample> = open.map((value) => ({ schema: audited(z.string()), value }))

const wrappers: ((schema: z.ZodMiniType) => z.ZodMiniType)[] = [
  (schema) => z.optional(schema),
  (schema) => z.nullable(schema),
  (schema) => z.readonly(schema),
  (schema) => z.lazy(() => schema),
  (schema) => z.catch(schema, null),
  (schema) => z.pipe(z.any(), schema),
  (schema) => z.union([z.number(), schema]),
  (schema) => z.union([schema, z.object({ never: z.literal('here') })]),
]

function samples(leaves: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  return fc.letrec<{ any: Sample }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'sample' },
      leaves,
      fc
        .tuple(tie('any'), fc.constantFrom(...wrappers))
        .map(([{ schema, value }, wrap]) => ({ schema: wrap(schema), value })),
      fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((fields) => ({
        schema: z.object(Object.fromEntries(fields.map(({ schema }, index) => [`f${index}`, schema]))),
        value: Object.fromEntries(fields.map(({ value }, index) => [`f${index}`, value])),
      })),
      tie('any').map(({ schema, value }) => ({ schema: z.array(schema), value: [value, value] })),
      tie('any').map(({ schema, value }) => ({
        schema: z.record(audited(z.string()), schema),
        value: { one: value, two: value },
      })),
    ),
  })).any
}

const root = ({ schema, value }: Sample): Sample => ({
  schema: z.object({ root: schema }),
  value: { root: value },
})

test('no unmarked value is let through, however deeply nested and whatever surrounds it', () => {
  const both = fc.oneof(unmarked, marked)
  // Two schemas that may fit the same value, in either order.
  const mixed = fc.tuple(samples(both), samples(both), fc.boolean()).map(([one, other, first]) => ({
    schema: z.union(first ? [one.schema, other.schema] : [other.schema, one.schema]),
    value: one.value,
  }))
  fc.assert(
    fc.property(fc.oneof(samples(both), mixed).map(root), ({ schema, value }) => {
      expect(JSON.stringify(auditedPart(schema, value))).not.toContain('secret')
    }),
    { numRuns: 2000 },
  )
})

test('where everything is marked, nothing is lost', () => {
  fc.assert(
    fc.property(samples(marked).map(root), ({ schema, value }) => {
      expect(auditedPart(schema, schema.parse(value))).toEqual(value)
    }),
    { numRuns: 1000 },
  )
})
