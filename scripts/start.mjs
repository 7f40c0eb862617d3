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
await firstAnswer()
console.log(`\nMuster is ready: ${config.baseUrl.origin}`)
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

/** Resolves at the first answer; a start that fails ends this process from within. */
async function firstAnswer() {
  const { request } = await import('node:http')
  const { port, baseUrl } = config
  // Listening on every address is no address to call.
  const host = { '0.0.0.0': '127.0.0.1', '::': '::1' }[config.host] ?? config.host
  const options = { host, port, path: '/api/health', headers: { host: baseUrl.host } }
  for (;;) {
    const ok = await new Promise((resolve) => {
      request(options, (reply) => {
        reply.resume()
        resolve(reply.statusCode === 200)
      })
        .once('error', () => resolve(false))
        .end()
    })
    if (ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
