import * as z from 'zod/mini'

// Whoever imports an endpoint imports this, and so sets zod up before anything is parsed. The schemas themselves import
// `zod/mini` directly: handed on by a module of ours, bundlers would keep all of it.
//
// zod probes `new Function` on its first object parse, which a strict script-src reports as a violation.
// Its English default messages never reach a person: every issue becomes a key of the message catalog.
z.config({
  jitless: true,
  customError: (issue) => (issue.code === 'too_big' ? 'input.too_long' : 'input.required'),
})

const sensitiveFields = z.registry<{ sensitive: true }>()

/** Marks a field (phone, one-time code, key) that audit rows and logs must never hold. */
export function sensitive<T extends z.ZodMiniType>(schema: T): T {
  sensitiveFields.add(schema, { sensitive: true })
  return schema
}

/** The input without its sensitive fields: what an audit row or a log line may hold. */
export function withoutSensitive(schema: z.ZodMiniType, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || !(schema instanceof z.ZodMiniObject)) return {}
  const shape: Record<string, z.core.$ZodType> = schema.shape
  return Object.fromEntries(
    Object.entries(value).filter(([name]) => {
      const field = shape[name]
      return field !== undefined && !isSensitive(field)
    }),
  )
}

function isSensitive(field: z.core.$ZodType): boolean {
  if (sensitiveFields.has(field)) return true
  const inner = field instanceof z.ZodMiniOptional ? field.def.innerType : undefined
  return inner !== undefined && isSensitive(inner)
}
