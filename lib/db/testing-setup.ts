import { migratedFolder } from './testing.ts'

/** Runs before the test files of the embedded engine, so that the first of them does not wait for its set-up. */
export async function setup(): Promise<void> {
  await migratedFolder()
}
