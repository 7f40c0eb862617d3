import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))

// *.db.test.ts must pass on both database engines: they run twice.
const onBothEngines = '**/*.db.test.ts'
// *.pg.test.ts are about outages of a server, so they run only on PostgreSQL.
const onServer = '**/*.pg.test.ts'

export default defineConfig({
  resolve: {
    alias: { '@/': root, 'server-only': `${root}node_modules/server-only/empty.js` },
  },
  test: {
    exclude: ['node_modules/**', '.next/**', 'e2e/**'],
    // More than the processors of a small machine: tests mostly wait.
    maxWorkers: 3,
    // Files in the same process share its modules, compiled and optimized once. Each has its own database.
    isolate: false,
    // Generous, for busy machines.
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
