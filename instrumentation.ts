/** Starts the console before the first request; a fault is one line and the end, not a 500 for ever. */
export async function register() {
  // A build collects pages without serving any: it must open no database and no port.
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return
  exemptThisMachine()
  const { start } = await import('./lib/http/start')
  await start({ development: process.env.NODE_ENV === 'development' })
}

/** With NODE_USE_ENV_PROXY Node asks even this machine through the proxy; it reads who is exempt before each call. */
function exemptThisMachine() {
  const exempt = process.env.no_proxy ?? process.env.NO_PROXY
  process.env.no_proxy = [exempt, 'localhost', '127.0.0.1', '::1'].filter(Boolean).join(',')
}
