// `npm run dev`: the console with live reload, sandbox and embedded database. No credentials required.
import { fail, onProjectNode, root, runBin } from './project.mjs'

await onProjectNode(import.meta.url)

const { readConfig } = await import('../lib/config.ts')
const { preflight } = await import('./preflight.mjs')
const config = await readAndCheck().catch((error) => fail(error.message))
const env = { ...process.env, MUSTER_DATA_DIR: config.dataDir, NEXT_TELEMETRY_DISABLED: '1' }
process.exit(await runBin('next', ['dev', '--port', String(config.port), '--hostname', config.host], env))

async function readAndCheck() {
  const read = readConfig(process.env, root)
  await preflight(read)
  return read
}
