import { rmSync } from 'node:fs'
import path from 'node:path'
import { startConsole } from './console'

/** Prepares a data folder as a first start leaves it, for the consoles of the tests to copy. */
export default async function prepareDataDir(): Promise<() => void> {
  const muster = await startConsole()
  await muster.stop('SIGTERM')
  rmSync(path.join(muster.dataDir, 'sandbox.json'), { force: true })
  process.env.MUSTER_TEST_DATA_DIR = muster.dataDir
  return muster.removeData
}
