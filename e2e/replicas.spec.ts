import { createServerDatabase } from '../lib/db/testing.ts'
import { startSandbox } from '../lib/sandbox/index.ts'
import { type Console, expect, serverTest, signedInCaller, startConsole } from './console'

const test = serverTest.extend<{ replicas: [Console, Console] }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture uses from this pattern
  replicas: async ({}, use) => {
    const [database, emulator] = [await createServerDatabase(), await startSandbox({ port: 0 })]
    const settings = {
      DATABASE_URL: database.url,
      MUSTER_SECRET: Buffer.alloc(32, 7).toString('base64'),
      MUSTER_SANDBOX_URL: emulator.url,
    }
    const replicas: [Console, Console] = await Promise.all([startConsole(settings), startConsole(settings)])
    await use(replicas)
    await Promise.all(replicas.map((one) => one.stop()))
    for (const one of replicas) one.forget()
    await emulator.close()
    await database.drop()
  },
})

test('two replicas send one code', async ({ replicas }) => {
  const [first, second] = await Promise.all(
    replicas.map(({ origin }) => signedInCaller(origin, 'intl-admin')),
  )
  if (!first || !second) throw new Error('two callers')
  const [id] = await replicas[0].sandbox.addMembers('international', [{}])
  const path = `/api/members/${id}/phone/code`
  const answers = await Promise.all(
    [first, second, first, second].map((caller) => caller.post(path, { phone: '65-91234567' })),
  )
  expect(answers.map((answer) => answer.status()).sort()).toEqual([200, 409, 409, 409])
  expect(
    await replicas[0].sandbox.calls({
      operation: 'SendVerificationCodeForBindSecureMobilePhone',
      target: id ?? '',
    }),
  ).toHaveLength(1)
})
