import 'server-only'
import { closeRuntime, readEnvironment, runtime, saveOutcomes } from '@/lib/runtime'
import { jobHandlers } from '@/lib/usecases/background'
import { stampClientAddresses } from './address'
import { log } from './log'
import { receiveRequests } from './normalize-request'
import { ignoreOutputErrors } from './output'
import { exit, shutDownOnSignal } from './shutdown'

/** Time beyond the deadline of an in-flight call: the longest that one attempt to save its outcome takes. */
const graceBeyondDeadlineMs = 7_000
/** How long to wait for an unavailable database. In total, this is the stop timeout recommended in the README. */
const databaseWaitMs = 30_000

async function save(): Promise<boolean> {
  const lost = await saveOutcomes(databaseWaitMs)
  for (const outcome of lost) log.lost(outcome)
  return lost.length === 0
}

/**
 * Sets up request handling, the runtime and graceful shutdown. If the console cannot start, exits with a one-line error.
 * @param development under `next dev`, which has more to shut down than this server
 */
export async function start({ development }: { development: boolean }): Promise<void> {
  ignoreOutputErrors()
  try {
    const { trustedProxies, port, baseUrl, callDeadlineMs } = readEnvironment()
    // First: requests may arrive while the runtime is being built.
    stampClientAddresses(trustedProxies)
    receiveRequests(port, baseUrl, development)
    let ready = false
    if (!development) {
      const graceMs = callDeadlineMs + graceBeyondDeadlineMs
      shutDownOnSignal({ port, graceMs, save, close: () => (ready ? closeRuntime : undefined) })
    }
    const services = await runtime()
    ready = true
    const report = (error: unknown, step = 'all') => log.failure(`jobs/${step}`, error)
    void services.jobs.start(jobHandlers(services, report)).catch(report)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    exit(1)
  }
}
