import { defineConfig } from '@playwright/test'

/** Found or installed by scripts/browser.mjs, which `npm test` and `npm run e2e` ask first. */
const browser = JSON.parse(process.env.MUSTER_TEST_BROWSER ?? '{"args":[]}')

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    launchOptions: { executablePath: browser.executablePath, args: browser.args },
    trace: 'retain-on-failure',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Asia/Singapore',
  },
})
