// `npm run sandbox`: only the emulated Alibaba Cloud, without console and database, for use with any client.
import path from 'node:path'
import { fail, onProjectNode, onSignal, root } from './project.mjs'

await onProjectNode(import.meta.url)

const { connectSandbox, startSandbox } = await import('../lib/sandbox/index.ts')

const port = numberFrom('MUSTER_SANDBOX_PORT', 65_535) ?? 4010
const stateFile = path.resolve(root, process.env.MUSTER_DATA_DIR || '.data', 'sandbox.json')
const sandbox = await startSandbox({
  port,
  stateFile,
  membersPerDirectory: numberFrom('MUSTER_SANDBOX_MEMBERS', 20_000),
}).catch((error) => {
  if (error.code === 'EADDRINUSE') {
    return fail(
      `MUSTER_SANDBOX_PORT: port ${port} is already in use. Example: MUSTER_SANDBOX_PORT=${port + 1} npm run sandbox`,
    )
  }
  return fail(error.message)
})

console.log(`Sandbox: ${sandbox.url}   state: ${stateFile}\n`)
const personas = await connectSandbox(sandbox.url).personas()
const rows = personas.map((persona) => [
  persona.keyId,
  persona.secret,
  `${persona.userName ?? 'root user'}, ${persona.company} (${persona.site})`,
])
const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
for (const row of rows) {
  console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   '))
}
console.log('\nRoles that the administrators can assume:')
for (const persona of personas) if (persona.roleArn) console.log(`${persona.keyId}   ${persona.roleArn}`)
console.log(`\nVerification codes it has sent: curl ${sandbox.url}/_sandbox/messages`)
console.log('More: lib/sandbox/README.md. Press Ctrl-C to stop.')

onSignal(async () => {
  await sandbox.close()
  process.exit(0)
})

/** @param {string} variable @param {number} max @returns {number | undefined} */
function numberFrom(variable, max) {
  const text = process.env[variable]
  if (!text) return undefined
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= max) return value
  return fail(
    `${variable}: "${text}" is not a whole number from 1 to ${max}. Example: ${variable}=4010 npm run sandbox`,
  )
}
