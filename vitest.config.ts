import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))

// Files named *.db.test.ts hold what must be true on both database engines: they run twice.
const onBothEngines = '**/*.db.test.ts'
// What only a server does: it goes away, and comes back.
const onServer = '**/*.pg.test.ts'

export default defineConfig({
  resolve: {
    alias: { '@/': root, 'server-only': `${root}node_modules/server-only/empty.js` },
  },
  test: {
    exclude: ['node_modules/**', '.next/**', 'e2e/**'],
    // More than small machines have processors: much of a test is waiting.
    maxWorkers: 3,
    // Files that follow each other in a process share its modules, compiled and optimised once. Their databases are their own.
    isolate: false,
    // A busy machine makes tests slow, not wrong.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: ['node_modules/**', '.next/**', 'e2e/**', onBothEngines, onServer],
        },
      },
      {
        extends: true,
        test: {
          name: 'pglite',
          include: [onBothEngines],
          env: { MUSTER_TEST_ENGINE: 'pglite' },
          globalSetup: './lib/db/testing-setup.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: [onBothEngines, onServer],
          env: { MUSTER_TEST_ENGINE: 'postgres' },
        },
      },
    ],
  },
})
