/**
 * The name of the constraint or unique index that refused a write, however deep the driver's error is
 * wrapped; `undefined` for every other failure.
 */
export function violatedConstraint(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, constraint } = cause as { code?: unknown; constraint?: unknown }
    // Class 23 is "integrity constraint violation" in both drivers.
    if (typeof code === 'string' && code.startsWith('23') && typeof constraint === 'string') return constraint
  }
  return undefined
}
