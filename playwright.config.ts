import { defineConfig } from '@playwright/test'

/** Found or installed by scripts/browser.mjs, which `npm test` and `npm run e2e` run first. */
const browser = JSON.parse(process.env.MUSTER_TEST_BROWSER ?? '{"args":[]}')

/** About lost, repeated and leaked calls: for these, once is too often. */
const noRetries = /(full-disk|kills|leaks|nobody-in|outage|random-requests|replicas|shutdown|versions)\.spec/

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/global-setup.ts',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: true,
  // More than the processors of a small machine: tests mostly wait for the next check.
  workers: 3,
  // Generous, for busy machines.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  projects: [
    { name: 'processes', testMatch: noRetries, retries: 0 },
    // A busy machine can delay a browser too long. What passes only the second time is listed at the end of `npm test`.
    { name: 'browser', testIgnore: noRetries, retries: 1 },
  ],
  use: {
    launchOptions: { executablePath: browser.executablePath, args: browser.args },
    // Tracing every test would slow down the run considerably. For one trace: `npm run e2e -- --trace on <file>`.
    screenshot: 'only-on-failure',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Asia/Singapore',
  },
})
