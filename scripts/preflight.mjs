// Checks before the start, so that a fault is reported on one line instead of leaving a half-started server.
import { createServer } from 'node:net'
import { takeLock } from '../lib/db/lock.ts'
import { StartupFault } from '../lib/startup-fault.ts'

/**
 * @param {import('../lib/config.ts').Config} config
 * @throws {StartupFault} that names the variable, the fault and an example
 */
export async function preflight(config) {
  await requireFreePort('PORT', config.port, config.host)
  if (config.cloud === 'sandbox' && !config.sandbox.url) {
    await requireFreePort('MUSTER_SANDBOX_PORT', config.sandbox.port, '127.0.0.1')
  }
  if (!config.databaseUrl) takeLock(config.dataDir).release()
}

/** @param {string} variable @param {number} port @param {string} host */
async function requireFreePort(variable, port, host) {
  const probe = createServer()
  /** @type {NodeJS.ErrnoException | undefined} */
  const error = await new Promise((resolve) => {
    probe.once('error', resolve)
    probe.listen(port, host, () => probe.close(() => resolve(undefined)))
  })
  if (!error) return
  const { code } = error
  if (code === 'EADDRINUSE')
    throw new StartupFault(variable, `port ${port} is already in use`, otherPort(variable, port))
  // Not an address of this machine, or not an address at all.
  if (variable === 'PORT' && code !== 'EACCES') {
    throw new StartupFault(
      'MUSTER_HOST',
      `cannot listen on ${host} (${code})`,
      'MUSTER_HOST=127.0.0.1 npm start',
    )
  }
  throw new StartupFault(
    variable,
    `cannot listen on ${host} port ${port} (${code})`,
    otherPort(variable, port),
  )
}

/** @param {string} variable @param {number} port */
function otherPort(variable, port) {
  return `${variable}=${port > 1023 && port < 65535 ? port + 1 : 3000} npm start`
}
