import 'server-only'
import { runtime } from '@/lib/runtime'
import { stampClientAddresses } from './address'

/** Builds the runtime and takes note of clients' addresses. Ends the process with one line when it cannot. */
export async function start(): Promise<void> {
  try {
    const { config } = await runtime()
    stampClientAddresses(config.trustedProxies)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  }
}
