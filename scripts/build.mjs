// `npm run build`: builds the console into a self-contained folder, .next/standalone. Skipped if no source has changed.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { fail, filesBelow, hashFiles, onProjectNode, root, runBin } from './project.mjs'

const output = path.join(root, '.next', 'standalone')
const stamp = path.join(output, '.muster-built')

/** The script that serves a build; it changes the working directory to its own folder. */
export const serverFile = path.join(output, 'server.js')

export async function ensureBuilt() {
  const wanted = hashFiles(sources())
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('Building the console (only after its sources have changed)…')
  // After a failed build, an older one must not look current.
  rmSync(output, { recursive: true, force: true })
  const code = await runBin('next', ['build'], {
    ...process.env,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    MUSTER_BUILD: wanted,
  })
  if (code !== 0)
    fail('The build failed; the output above names the file. Fix it, then run the same command again.')
  removeSources()
  cpSync(path.join(root, '.next', 'static'), path.join(output, '.next', 'static'), { recursive: true })
  cpSync(path.join(root, 'public'), path.join(output, 'public'), { recursive: true })
  writeFileSync(stamp, wanted)
}

/** Next copies all source files that might be read, even tests. The code that runs is in .next and reads only migrations. */
function removeSources() {
  const migrations = path.join(output, 'lib', 'db', 'migrations') + path.sep
  for (const folder of ['app', 'components', 'lib'].map((name) => path.join(output, name))) {
    if (!existsSync(folder)) continue
    for (const file of filesBelow(folder)) if (!file.startsWith(migrations)) rmSync(file)
  }
}

function sources() {
  const folders = ['app', 'components', 'lib', 'public'].flatMap((name) => filesBelow(path.join(root, name)))
  const files = [
    'proxy.ts',
    'instrumentation.ts',
    'instrumentation-client.ts',
    'next.config.js',
    'postcss.config.mjs',
    'tsconfig.json',
    'package-lock.json',
  ]
  return [
    ...folders.filter((file) => !/\.test\.tsx?$|\.d\.json\.ts$|\.md$/.test(file)),
    ...files.map((name) => path.join(root, name)),
  ]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await onProjectNode(import.meta.url)
  await ensureBuilt()
}
