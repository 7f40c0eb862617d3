// Start-up code and routes are separate bundles: they do not share module variables, but they share this.
const holder: typeof globalThis & {
  musterShutdown?: { work: Set<Promise<unknown>>; begun: AbortController }
} = globalThis
holder.musterShutdown ??= { work: new Set(), begun: new AbortController() }
const { work, begun } = holder.musterShutdown

/** Work that the process completes before it exits. */
export const workUnderWay: ReadonlySet<Promise<unknown>> = work

/** Aborted by the first signal: from then on no change starts, and long-running work stops at its next step. */
export const shutdownSignal: AbortSignal = begun.signal

export function beginShutdown(): void {
  begun.abort()
}

/**
 * Registers work that the process completes before it exits, even if the client has disconnected: a call to Alibaba Cloud
 * whose outcome is not recorded would be shown as unknown.
 */
export function underWay<T>(promise: Promise<T>): Promise<T> {
  const done: Promise<unknown> = promise.catch(() => {}).then(() => work.delete(done))
  work.add(done)
  return promise
}
