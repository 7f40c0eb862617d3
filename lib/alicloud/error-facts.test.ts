import { createTranslator } from 'next-intl'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorWords } from '@/lib/i18n/error-words'
import en from '@/lib/i18n/messages/en.json'
import zh from '@/lib/i18n/messages/zh-CN.json'
import { connectSandbox, personas, type Sandbox, startSandbox } from '@/lib/sandbox'
import { findAction } from '@/lib/sandbox/actions'
import { documentedCodes } from '@/lib/sandbox/wire-errors'
import { catalog } from './catalog'
import { canArrive, errorFacts } from './error-facts.fixture'
import { type Cloud, createCloud, operations, operatorPolicy } from './index'
import { answer, bind, failureOf, openPacer, wire } from './wire.fixture'

let sandbox: Sandbox
let control: ReturnType<typeof connectSandbox>
let cloud: Cloud

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, limits: false })
  control = connectSandbox(sandbox.url)
  const [admin] = personas
  if (!admin) throw new Error('no persona')
  cloud = createCloud({
    endpoints: { kind: 'sandbox', host: `127.0.0.1:${sandbox.port}` },
    deadlineMs: 10_000,
    pacer: openPacer().pacer,
  })({
    credentials: { accessKeyId: admin.keyId, accessKeySecret: admin.secret },
    site: admin.site,
    accountId: admin.accountId,
  })
})
afterAll(() => sandbox.close())

/** Every method once, with arguments that are good enough to reach the answer. */
const calls: Record<keyof Cloud, () => Promise<unknown>> = {
  callerIdentity: () => cloud.callerIdentity(),
  assumeRole: () =>
    cloud.assumeRole({
      roleArn: personas[0]?.roleArn ?? '',
      sessionName: 'somebody',
      durationSeconds: 900,
      policy: operatorPolicy(),
    }),
  directory: () => cloud.directory(),
  listMembers: () => cloud.listMembers({ page: 1 }),
  listFolders: () => cloud.listFolders({ parentId: null, page: 1 }),
  member: () => cloud.member('1999999999999999'),
  sendBindCode: () => cloud.sendBindCode({ memberId: '1999999999999999', phone: '65-91230017' }),
  bindPhone: () => cloud.bindPhone({ memberId: '1999999999999999', phone: '65-91230017', code: '123456' }),
}
const methods = Object.entries(calls).map(([name, run]) => ({ run, row: operations[name as keyof Cloud] }))

/** Codes that say which parameter is wrong, by the pattern the gateway has for all of them. */
const ofParameter = /^(Missing|Invalid)[A-Z]\w*$/

describe.each(methods)('$row.operation', ({ row, run }) => {
  const facts = errorFacts(row.operation)

  test('every documented code that can arrive is known, and nothing else', () => {
    const action = findAction(row.product, row.operation)
    if (!action) throw new Error('not emulated')
    const documented = documentedCodes(action)
    const named = documented.filter(
      (code) => canArrive(code) && !(ofParameter.test(code) && !facts.has(code)),
    )
    expect([...facts.keys()].sort()).toEqual(named.sort())
    const carried = catalog.filter(({ product, operation }) =>
      product === '*' ? true : product === row.product && operation === row.operation,
    )
    expect([...new Set(carried.map(({ code }) => code))].sort()).toEqual([...facts.keys()].sort())
  })

  test('every code arrives as what it means', async () => {
    for (const [code, fact] of facts) {
      await control.disarmAll()
      await control.arm({ operation: `${row.product}/${row.operation}`, fault: `code:${code}` })
      if (code === 'ResourceDirectoryNotInUse') {
        expect(await run()).toBeNull()
        continue
      }
      const failure = await failureOf(run())
      const [call] = await control.calls({ operation: row.operation })
      expect(failure, code).toMatchObject({
        code: fact.ours,
        kind: fact.kind === 'unknown' ? 'silent' : fact.kind,
        executed: fact.kind === 'unknown' ? 'maybe' : 'no',
        retryable: fact.retry ?? false,
        endsSession: fact.endsSession ?? false,
        fields: fact.field && { [fact.field]: fact.ours },
        upstream: { product: row.product, operation: row.operation, code, requestId: call?.requestId },
      })
      // The vendor's text stands in only where we have no words, and never where it repeats the request.
      expect(failure.upstream?.message !== undefined, code).toBe(fact.ours === 'cloud.refused')
    }
  })
})

test('every code that can stand at a field has its short words', () => {
  const fields = methods.flatMap(({ row }) => [...errorFacts(row.operation).values()])
  const t = createTranslator({ locale: 'en', messages: en, namespace: 'fieldErrors' })
  for (const { field, ours } of fields) if (field) expect(t.has(ours as never), ours).toBe(true)
})

describe('a code that nobody documents', () => {
  test.each([
    ['en', en],
    ['zh-CN', zh],
  ] as const)('is shown as it came, with its RequestId, in %s', async (locale, messages) => {
    const reply = { Code: 'Brand.NewCode', Message: 'Something new.', RequestId: 'AB-12' }
    const failure = await failureOf(bind((await wire(answer(409, reply))).cloud))
    expect(failure).toMatchObject({
      code: 'cloud.refused',
      executed: 'no',
      upstream: { code: 'Brand.NewCode', message: 'Something new.', requestId: 'AB-12' },
    })
    const t = createTranslator({ locale, messages: messages as typeof en })
    const { cause, next } = errorWords(t as never, failure)
    expect(next).toContain('RequestId')
    expect(cause).toMatch(/refused|拒绝/)
  })
})
