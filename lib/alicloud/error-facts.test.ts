import { createTranslator } from 'next-intl'
import { describe, expect, test } from 'vitest'
import { errorWords } from '@/lib/i18n/error-words'
import en from '@/lib/i18n/messages/en'
import zh from '@/lib/i18n/messages/zh-CN'
import { findAction } from '@/lib/sandbox/actions'
import { defaultAssumptions } from '@/lib/sandbox/state'
import { documentedCodes } from '@/lib/sandbox/wire-errors'
import { catalog } from './catalog'
import { canArrive, errorFacts } from './error-facts.fixture'
import { operationFacts } from './operation-facts.fixture'
import { methods, persona, sandboxOfTests } from './sandbox.fixture'
import { answer, bind, failureOf, wire } from './wire.fixture'

const sandbox = sandboxOfTests()

const languages = (
  [
    ['en', en],
    ['zh-CN', zh],
  ] as const
).map(
  ([locale, messages]) =>
    createTranslator({
      locale,
      messages: messages as typeof en,
      namespace: 'errors',
      onError(error) {
        throw error
      },
    }) as never,
)

/** The gateway's pattern for codes about a parameter. */
const ofParameter = /^(Missing|Invalid)[A-Z]\w*$/

describe.each(methods)('$row.product $row.operation', ({ name, row, run }) => {
  const facts = errorFacts(name)

  test('the catalog has exactly the documented codes that can be returned', () => {
    const action = findAction(row.product, row.operation)
    if (!action) throw new Error('not emulated')
    const documented = documentedCodes(action)
    const named = documented.filter(
      (code) => canArrive(code, row.product) && !(ofParameter.test(code) && !facts.has(code)),
    )
    expect([...facts.keys()].sort()).toEqual(named.sort())
    const carried = catalog.filter(({ product, operation }) =>
      product === '*' ? true : product === row.product && operation === row.operation,
    )
    expect([...new Set(carried.map(({ code }) => code))].sort()).toEqual([...facts.keys()].sort())
  })

  test('every code gets its meaning', async () => {
    const { control } = sandbox
    const cloud = sandbox.cloudFor(persona('intl-admin'), 10_000)
    for (const [code, fact] of facts) {
      await control.disarmAll()
      await control.arm({ operation: `${row.product}/${row.operation}`, fault: `code:${code}` })
      if (code === 'ResourceDirectoryNotInUse') {
        expect(await run(cloud)).toBeNull()
        continue
      }
      const failure = await failureOf(run(cloud))
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
      for (const t of languages) {
        const { cause, next } = errorWords(t, failure)
        for (const text of [cause, next]) expect(text, code).toMatch(/^[^{}?]{4,}[.。]$/)
      }
      // The vendor's message is used only where we have none, and never where it repeats the request.
      expect(failure.upstream?.message !== undefined, code).toBe(fact.ours === 'cloud.refused')
    }
  })
})

test.each(methods.filter(({ name }) => operationFacts[name].route?.includes(':memberId')))(
  'the sandbox records the member as the target of $row.operation, so that a fault can be armed for one member',
  async ({ row, run }) => {
    await run(sandbox.cloudFor(persona('intl-admin'), 10_000)).catch(() => {})
    const [call] = await sandbox.control.calls({ operation: row.operation })
    expect(call?.target).toMatch(/^\d{16}$/)
  },
)

test('every code that can appear at a field has a short message', () => {
  const fields = methods.flatMap(({ name }) => [...errorFacts(name).values()])
  const t = createTranslator({ locale: 'en', messages: en, namespace: 'fieldErrors' })
  for (const { field, ours } of fields) if (field) expect(t.has(ours as never), ours).toBe(true)
})

test('the daily limit of codes in the message is that of the sandbox', () => {
  for (const t of languages) {
    const { next } = errorWords(t, { code: 'send.day_limit', params: { operation: 'bind_phone' } })
    expect(next.match(/\d+/g)).toEqual([String(defaultAssumptions.codesPerDayMax)])
  }
})

describe('an undocumented code', () => {
  test.each([
    ['en', en],
    ['zh-CN', zh],
  ] as const)('is shown unchanged, with its RequestId, in %s', async (locale, messages) => {
    const reply = { Code: 'Brand.NewCode', Message: 'Something new.', RequestId: 'AB-12' }
    const failure = await failureOf(bind((await wire(answer(409, reply))).cloud))
    expect(failure).toMatchObject({
      code: 'cloud.refused',
      executed: 'no',
      upstream: { code: 'Brand.NewCode', message: 'Something new.', requestId: 'AB-12' },
    })
    const t = createTranslator({ locale, messages: messages as typeof en, namespace: 'errors' })
    const { cause, next } = errorWords(t as never, failure)
    expect(next).toContain('RequestId')
    expect(cause).toMatch(/refused|拒绝/)
  })
})
