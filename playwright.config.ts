import { defineConfig } from '@playwright/test'

/** Found or installed by scripts/browser.mjs, which `npm test` and `npm run e2e` run first. */
const browser = JSON.parse(process.env.MUSTER_TEST_BROWSER ?? '{"args":[]}')

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/global-setup.ts',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: true,
  // More than the processors of a small machine: tests mostly wait for the next check.
  workers: 3,
  retries: 0,
  // Generous, for busy machines.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  use: {
    launchOptions: { executablePath: browser.executablePath, args: browser.args },
    // Tracing every test would slow down the run considerably. For one trace: `npm run e2e -- --trace on <file>`.
    screenshot: 'only-on-failure',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Asia/Singapore',
  },
})
