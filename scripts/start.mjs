// `npm start`: installs and builds if needed, checks what can be checked before, then serves the console.
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
  // server.js changes the working directory to the build: what is relative is resolved here.
  MUSTER_DATA_DIR: config.dataDir,
})
await import(pathToFileURL(serverFile).href)
const reason = await readiness()
console.log(
  `\nMuster ${reason ? `runs, but is not ready (${reason})` : 'is ready'}: ${config.baseUrl.origin}`,
)
if (config.cloud === 'sandbox') {
  console.log(
    'Open it and click "Administrator, international": a made-up company, no Alibaba Cloud account needed.',
  )
}
console.log('Ctrl-C ends it.')

async function readAndCheck() {
  const read = readConfig(process.env, root)
  await preflight(read)
  return read
}

/**
 * Why the console cannot serve yet, once it answers; undefined when it can. A start that fails ends this process from
 * within. The answer is waited for, readiness is not: that may need a person.
 * @returns {Promise<string | undefined>}
 */
async function readiness() {
  const { Agent, request } = await import('node:http')
  const { port, baseUrl } = config
  // Listening on every address is no address to call.
  const host = { '0.0.0.0': '127.0.0.1', '::': '::1' }[config.host] ?? config.host
  // Of its own: with NODE_USE_ENV_PROXY the global agent asks even this machine through the proxy.
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
          // Cut off in the middle.
          resolve('')
        }
      })
        .once('error', () => resolve(''))
        .end()
    })
    // While Next starts, an answer may come that is not ours.
    if (/^\{"ready":/.test(answer)) return JSON.parse(answer).reason
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
