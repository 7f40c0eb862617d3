// `npm start`: installs and builds if needed, checks what can be checked before, then serves the console.
import { createServer } from 'node:net'
import { pathToFileURL } from 'node:url'
import { fail, onProjectNode, root } from './project.mjs'

await onProjectNode(import.meta.url)

// With either set, the SDK's HTTP layer prints request headers, keys and tokens included.
delete process.env.DEBUG
delete process.env.NODE_DEBUG

const config = await readConfiguration()
await refuseTakenPort('PORT', config.port, config.host)
if (config.cloud === 'sandbox' && !config.sandbox.url) {
  await refuseTakenPort('MUSTER_SANDBOX_PORT', config.sandbox.port, '127.0.0.1')
}
if (!config.databaseUrl) await refuseDataFolderInUse(config.dataDir)

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
await answers(
  `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}/api/health`,
  config.baseUrl.host,
)
console.log(`\nMuster is ready: ${config.baseUrl.origin}`)
if (config.cloud === 'sandbox') {
  console.log(
    'Open it and click "Administrator, international": a made-up company, no Alibaba Cloud account needed.',
  )
}
console.log('Ctrl-C ends it.')

async function readConfiguration() {
  const { readConfig } = await import('../lib/config.ts')
  try {
    return readConfig(process.env, root)
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

/** @param {string} variable @param {number} port @param {string} host */
async function refuseTakenPort(variable, port, host) {
  const probe = createServer()
  const error = await new Promise((resolve) => {
    probe.once('error', resolve)
    probe.listen(port, host, () => probe.close(() => resolve(undefined)))
  })
  if (!error) return
  if (error.code === 'EADDRINUSE')
    fail(`${variable}: port ${port} is taken. Example: ${variable}=${port + 1} npm start`)
  fail(
    `${variable}: cannot listen on ${host} port ${port} (${error.code}). Example: MUSTER_HOST=127.0.0.1 ${variable}=3000 npm start`,
  )
}

/** @param {string} dataDir */
async function refuseDataFolderInUse(dataDir) {
  const { takeLock } = await import('../lib/db/lock.ts')
  try {
    takeLock(dataDir).release()
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error))
  }
}

/** Resolves at the first answer; a start that fails ends this process from within. @param {string} url @param {string} host */
async function answers(url, host) {
  const { request } = await import('node:http')
  for (;;) {
    const ok = await new Promise((resolve) => {
      request(url, { headers: { host } }, (reply) => {
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
