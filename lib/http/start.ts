import 'server-only'
import { readEnvironment, runtime, tidyUp } from '@/lib/runtime'
import { stampClientAddresses } from './address'
import { log } from './log'

/** Takes note of clients' addresses and builds the runtime. Ends the process with one line when it cannot. */
export async function start(): Promise<void> {
  try {
    // First: requests may come in while the runtime is being built.
    stampClientAddresses(readEnvironment().trustedProxies)
    const services = await runtime()
    const tidyUpOrLog = () => tidyUp(services).catch((error) => log.failure('tidy-up', error))
    setInterval(tidyUpOrLog, 3_600_000).unref()
    void tidyUpOrLog()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  }
}
