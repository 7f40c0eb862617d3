import { migratedFolder } from './testing.ts'

/** Runs before the test files of the embedded engine, so that the first of them need not wait for its setup. */
export async function setup(): Promise<void> {
  await migratedFolder()
}
