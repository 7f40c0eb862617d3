import type * as z from 'zod/mini'
import './zod-config'

type Leaf = string | number | boolean | null

/** What a field of an audit row's detail may hold. Numbers are safe integers. */
export type AuditValue = Leaf | AuditValue[] | { [name: string]: AuditValue }

const marked = new WeakSet<z.core.$ZodType>()

/**
 * Marks an input field as safe for the audit log; unmarked fields are never written there. Never mark a phone
 * number, a code, a key, or free text in which someone may have typed one.
 */
export function audited<T extends z.ZodMiniType<Leaf | undefined>>(schema: T): T {
  marked.add(schema)
  return schema
}

/** The marked fields of a parsed input: what an audit row may hold of it. */
export function auditedPart(schema: z.ZodMiniType, value: unknown): Record<string, AuditValue> {
  const part = partOf(schema, value, false)
  return isRecord(part) ? (part as Record<string, AuditValue>) : {}
}

/** The schema cannot have produced this value. */
const mismatch = Symbol('mismatch')

type Part = AuditValue | undefined | typeof mismatch

/**
 * @param fit an enclosing schema is marked: this holds through wrappers, but not for the contents of an
 * object, array or record
 */
function partOf(schema: z.core.$ZodType, value: unknown, fit: boolean): Part {
  const { def } = (schema as z.core.$ZodTypes)._zod
  const isFit = fit || marked.has(schema)
  switch (def.type) {
    case 'object':
      if (!isRecord(value)) return mismatch
      return objectOf(
        Object.entries(def.shape).map(([name, field]) => [name, partOf(field, value[name], false)]),
      )
    case 'record':
      if (!isRecord(value)) return mismatch
      return objectOf(
        Object.entries(value).map(([name, one]) => {
          const part = partOf(def.valueType, one, false)
          // A key is data, too.
          return [name, part === mismatch || partOf(def.keyType, name, false) === name ? part : undefined]
        }),
      )
    case 'array':
      return Array.isArray(value) ? arrayOf(value.map((one) => partOf(def.element, one, false))) : mismatch
    case 'union':
      return common(def.options.map((option) => partOf(option, value, isFit)))
    case 'optional':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return value === undefined ? undefined : partOf(def.innerType, value, isFit)
    case 'nullable':
      return value === null
        ? leaf(value, isFit || marked.has(def.innerType))
        : partOf(def.innerType, value, isFit)
    case 'pipe':
      return partOf(def.out, value, isFit)
    case 'lazy':
      return partOf(def.getter(), value, isFit)
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === def.type ? leaf(value, isFit) : mismatch
    case 'null':
      return value === null ? leaf(value, isFit) : mismatch
    case 'enum':
      return Object.values(def.entries).some((one) => one === value) ? leaf(value, isFit) : mismatch
    case 'literal':
      return def.values.some((one) => one === value) ? leaf(value, isFit) : mismatch
    default:
      // Any other schema, a transform included, says nothing about its value: only a mark does.
      return leaf(value, isFit)
  }
}

function leaf(value: unknown, isFit: boolean): AuditValue | undefined {
  if (!isFit) return undefined
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  return Number.isSafeInteger(value) ? (value as number) : undefined
}

function objectOf(entries: [string, Part][]): Part {
  if (entries.some(([, part]) => part === mismatch)) return mismatch
  const kept = entries.filter(([, part]) => part !== undefined)
  return kept.length > 0 ? (Object.fromEntries(kept) as { [name: string]: AuditValue }) : undefined
}

function arrayOf(parts: Part[]): Part {
  if (parts.includes(mismatch)) return mismatch
  const kept = parts.filter((part) => part !== undefined)
  return kept.length > 0 ? (kept as AuditValue[]) : undefined
}

/**
 * It is not known which option produced a value, so only what every matching option lets through is written.
 */
function common(parts: Part[]): Part {
  const fitting = parts.filter((part) => part !== mismatch)
  return fitting.length > 0 ? fitting.reduce(shared) : mismatch
}

function shared(one: AuditValue | undefined, other: AuditValue | undefined): AuditValue | undefined {
  if (isRecord(one) && isRecord(other)) {
    return objectOf(
      Object.entries(one).map(([name, part]) => [
        name,
        Object.hasOwn(other, name) ? shared(part, other[name]) : undefined,
      ]),
    ) as AuditValue | undefined
  }
  return JSON.stringify(one) === JSON.stringify(other) ? one : undefined
}

function isRecord<T>(value: T): value is T & Record<string, never> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
