// `npm run dev`: the console with live reload, sandbox and embedded database, no credentials needed.
import { fail, onProjectNode, root, runBin } from './project.mjs'

await onProjectNode(import.meta.url)

const { readConfig } = await import('../lib/config.ts')
const config = (() => {
  try {
    return readConfig(process.env, root)
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
})()
const env = { ...process.env, MUSTER_DATA_DIR: config.dataDir, NEXT_TELEMETRY_DISABLED: '1' }
process.exit(await runBin('next', ['dev', '--port', String(config.port), '--hostname', config.host], env))
