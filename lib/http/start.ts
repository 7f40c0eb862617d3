import 'server-only'
import { closeRuntime, readEnvironment, runtime, saveOutcomes } from '@/lib/runtime'
import { underWay } from '@/lib/shutdown'
import { systemActor } from '@/lib/usecases/actor'
import { tidyUp, tidyUpEveryMs } from '@/lib/usecases/tidy-up'
import { stampClientAddresses } from './address'
import { log } from './log'
import { receiveRequests } from './normalize-request'
import { outliveReaders } from './output'
import { exit, shutDownOnSignal } from './shutdown'

/** After the deadline of a call that had begun: the longest that one try to save its outcome takes. */
const graceBeyondDeadlineMs = 7_000
/** How long a database that is away is waited for. All of it is the stop time that the README asks for. */
const databaseWaitMs = 30_000

async function save(): Promise<boolean> {
  const lost = await saveOutcomes(databaseWaitMs)
  for (const outcome of lost) log.lost(outcome)
  return lost.length === 0
}

/**
 * Takes note of clients' addresses, builds the runtime and sees to an orderly end. Ends the process with one line when
 * it cannot start.
 * @param development under `next dev`, which has more to end than this server
 */
export async function start({ development }: { development: boolean }): Promise<void> {
  outliveReaders()
  try {
    const { trustedProxies, port, baseUrl, callDeadlineMs } = readEnvironment()
    // First: requests may come in while the runtime is being built.
    stampClientAddresses(trustedProxies)
    receiveRequests(port, baseUrl, development)
    let ready = false
    if (!development) {
      const graceMs = callDeadlineMs + graceBeyondDeadlineMs
      shutDownOnSignal({ port, graceMs, save, close: () => (ready ? closeRuntime : undefined) })
    }
    const services = await runtime()
    ready = true
    const report = (error: unknown, step = 'all') => log.failure(`tidy-up/${step}`, error)
    const tidyUpOrLog = () => underWay(tidyUp(systemActor(services, report)).catch(report))
    setInterval(tidyUpOrLog, tidyUpEveryMs).unref()
    void tidyUpOrLog()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    exit(1)
  }
}
