import { AppError } from '@/lib/contract/errors'
import type { Outcome } from '@/lib/usecases/outcomes'

/**
 * One JSON line per event on standard error. Only what is named here is written: never a request's query or body,
 * and of an error only names, codes and stack frames, since messages of database, HTTP and cloud layers can hold values.
 */
export const log = {
  /** What the console goes on without, in words of our own. */
  problem(problem: string, facts: Record<string, unknown>): void {
    write({ level: 'warning', problem: `outcomes.${problem}`, ...facts })
  },

  /** An outcome that nothing else will show any more. */
  lost({ answeredAt, audit }: Outcome): void {
    const { accountId, operatorName, action, target, outcome, code, upstreamRequestId, correlationId } = audit
    write({
      level: 'error',
      problem: 'outcomes.not_saved',
      requestId: correlationId,
      answeredAt: new Date(answeredAt).toISOString(),
      ...{ accountId, operatorName, action, target, outcome, code, upstreamRequestId },
    })
  },

  /** @param requestId the request's, or the name of the job that failed outside any */
  failure(requestId: string, error: unknown): void {
    write({ level: 'error', requestId, ...factsOf(error), ...upstreamOf(error), stack: framesOf(error) })
  },
}

function write(entry: Record<string, unknown>): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`)
}

function factsOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  const { name, cause } = error
  return {
    error: name,
    code: word(error, 'code'),
    // A failed statement's own error names its text; the database's code is one below.
    cause: cause instanceof Error ? { error: cause.name, code: word(cause, 'code') } : undefined,
  }
}

/** What to quote to Alibaba Cloud's support, and what the wire said where it said nothing readable. */
function upstreamOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof AppError) || !error.upstream) return {}
  const { product, operation, code, requestId } = error.upstream
  const wire = 'wire' in error && typeof error.wire === 'object' && error.wire ? error.wire : {}
  return {
    upstream: { product, operation, code, requestId },
    wire: { name: word(wire, 'name'), code: word(wire, 'code'), status: word(wire, 'status') },
  }
}

/** A field that is a short word or a number; anything longer could be a message. */
function word(of: object, key: string): string | number | undefined {
  const value: unknown = Reflect.get(of, key)
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^[\w.:-]{1,80}$/.test(value) ? value : undefined
}

function framesOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : []
  const frames = lines.filter((line) => /^\s+at /.test(line))
  return frames.slice(0, 12).map((line) => line.trim())
}
