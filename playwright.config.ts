import { defineConfig } from '@playwright/test'

/** Found or installed by scripts/browser.mjs, which `npm test` and `npm run e2e` ask first. */
const browser = JSON.parse(process.env.MUSTER_TEST_BROWSER ?? '{"args":[]}')

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/global-setup.ts',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: true,
  // More than small machines have processors: much of a test is waiting for the next look.
  workers: 3,
  retries: 0,
  // A busy machine makes tests slow, not wrong.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  use: {
    launchOptions: { executablePath: browser.executablePath, args: browser.args },
    // A trace of each test costs a good part of the whole run: see one with `npm run e2e -- --trace on <file>`.
    screenshot: 'only-on-failure',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Asia/Singapore',
  },
})
