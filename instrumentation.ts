import { exemptThisMachine } from './lib/no-proxy'

/** Starts the console before the first request; a fault exits with one line instead of causing endless 500s. */
export async function register() {
  // A build loads pages without serving them: it must not open a database or a port.
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return
  exemptThisMachine(process.env)
  const { start } = await import('./lib/http/start')
  await start({ development: process.env.NODE_ENV === 'development' })
}
