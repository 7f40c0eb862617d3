// `npm start`: installs and builds if necessary, checks the configuration, then serves the console.
import { pathToFileURL } from 'node:url'
import { fail, onProjectNode, root } from './project.mjs'

await onProjectNode(import.meta.url)

const { readConfig } = await import('../lib/config.ts')
const { preflight } = await import('./preflight.mjs')
const config = await readAndCheck().catch((error) => fail(error.message))

const { ensureBuilt, serverFile } = await import('./build.mjs')
await ensureBuilt()

Object.assign(process.env, {
  NODE_ENV: 'production',
  NEXT_TELEMETRY_DISABLED: '1',
  PORT: String(config.port),
  HOSTNAME: config.host,
  // Resolved here, because server.js changes the working directory to the build's folder.
  MUSTER_DATA_DIR: config.dataDir,
})
await import(pathToFileURL(serverFile).href)
const reason = await readiness()
console.log(
  `\nMuster ${reason ? `is running but not ready (${reason})` : 'is ready'}: ${config.baseUrl.origin}`,
)
if (config.cloud === 'sandbox') {
  console.log(
    'Open it and click "Administrator, international" to sign in to a test company. No Alibaba Cloud account is required.',
  )
}
console.log('Press Ctrl-C to stop.')

async function readAndCheck() {
  const read = readConfig(process.env, root)
  await preflight(read)
  return read
}

/**
 * Waits until the console responds, and returns why it is not ready; undefined if it is. Does not wait for readiness, which
 * may require a person. A failed start exits this process from within.
 * @returns {Promise<string | undefined>}
 */
async function readiness() {
  const { Agent, request } = await import('node:http')
  const { port, baseUrl } = config
  // The wildcard addresses cannot be called.
  const host = { '0.0.0.0': '127.0.0.1', '::': '::1' }[config.host] ?? config.host
  // A separate agent: with NODE_USE_ENV_PROXY the global one uses the proxy even for this machine.
  const agent = new Agent()
  const options = { agent, host, port, path: '/api/ready', headers: { host: baseUrl.host } }
  for (;;) {
    const answer = await new Promise((resolve) => {
      request(options, async (reply) => {
        try {
          let text = ''
          for await (const chunk of reply) text += chunk
          resolve(text)
        } catch {
          // The response was cut off.
          resolve('')
        }
      })
        .once('error', () => resolve(''))
        .end()
    })
    // While Next starts, a response may come from Next itself.
    if (/^\{"ready":/.test(answer)) return JSON.parse(answer).reason
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
