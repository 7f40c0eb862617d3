import { AppError } from '@/lib/contract/errors'
import type { Outcome } from '@/lib/usecases/outcomes'

/**
 * One JSON line per event on standard error. Only the fields listed here are written: never a request's query or body, and
 * from an error only names, codes and stack frames, since messages of the database, HTTP and cloud layers can contain
 * values.
 */
export const log = {
  /** A problem that the console can continue with. @param problem `area.problem` */
  problem(problem: string, facts: Record<string, unknown>): void {
    write({ level: 'warning', problem, ...facts })
  },

  /** An outcome that could not be saved: this line is its only record. */
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

  /** @param requestId the request's id, or the name of a failed job outside any request */
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
    code: token(error, 'code'),
    // The error of a failed statement contains its text; the database's code is in its cause.
    cause: cause instanceof Error ? { error: cause.name, code: token(cause, 'code') } : undefined,
  }
}

/** What to quote to Alibaba Cloud's support, plus the SDK's error fields. */
function upstreamOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof AppError) || !error.upstream) return {}
  const { product, operation, code, requestId } = error.upstream
  const wire = 'wire' in error && typeof error.wire === 'object' && error.wire ? error.wire : {}
  return {
    upstream: { product, operation, code, requestId },
    wire: { name: token(wire, 'name'), code: token(wire, 'code'), status: token(wire, 'status') },
  }
}

/** A field that is a number or a short token; anything longer could be a message. */
function token(of: object, key: string): string | number | undefined {
  const value: unknown = Reflect.get(of, key)
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^[\w.:-]{1,80}$/.test(value) ? value : undefined
}

function framesOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : []
  const frames = lines.filter((line) => /^\s+at /.test(line))
  return frames.slice(0, 12).map((line) => line.trim())
}
