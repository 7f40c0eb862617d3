// The server's start-up code and its routes are bundled apart: module variables are not shared, this is.
const holder: typeof globalThis & {
  musterShutdown?: { work: Set<Promise<unknown>>; begun: AbortController }
} = globalThis
holder.musterShutdown ??= { work: new Set(), begun: new AbortController() }
const { work, begun } = holder.musterShutdown

/** What the process finishes before it exits. */
export const workUnderWay: ReadonlySet<Promise<unknown>> = work

/** Aborted by the first signal: no change is begun from then on, and long work stops at its next step. */
export const shutdownSignal: AbortSignal = begun.signal

export function beginShutdown(): void {
  begun.abort()
}

/**
 * Work that is finished before the process ends, also when whoever asked for it has left: a call to Alibaba Cloud whose
 * outcome is not noted would read as unknown.
 */
export function underWay<T>(promise: Promise<T>): Promise<T> {
  const done: Promise<unknown> = promise.catch(() => {}).then(() => work.delete(done))
  work.add(done)
  return promise
}
