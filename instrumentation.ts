import { exemptThisMachine } from './lib/no-proxy'

/** Starts the console before the first request; a fault is one line and the end, not a 500 for ever. */
export async function register() {
  // A build collects pages without serving any: it must open no database and no port.
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return
  exemptThisMachine(process.env)
  const { start } = await import('./lib/http/start')
  await start({ development: process.env.NODE_ENV === 'development' })
}
