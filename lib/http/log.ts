/**
 * One JSON line per event on standard error. Only what is named here is written: never a request's query or body,
 * and of an error only its type and stack frames, since messages of database and HTTP layers can hold values.
 */
export const log = {
  failure(requestId: string, error: unknown): void {
    const name = error instanceof Error ? error.name : typeof error
    const frames =
      error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : []
    write({ level: 'error', requestId, error: name, stack: frames.slice(0, 12).map((line) => line.trim()) })
  },
}

function write(entry: Record<string, unknown>): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`)
}
