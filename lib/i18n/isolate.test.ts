import { expect, test } from 'vitest'
import { isolate } from './isolate'
import { isolated } from './isolated'

test.each([
  ['kiosk-harbour', 'kiosk-harbour'],
  ['门店收银', '门店收银'],
  ['מכירות', '\u2068מכירות\u2069'],
  ['shop متجر 1', '\u2068shop متجر 1\u2069'],
  // An unclosed mark would reverse the rest of the sentence.
  ['exe\u202etxt.kiosk', 'exetxt.kiosk'],
  ['\u2067kiosk', 'kiosk'],
  // A closing mark would end our isolation early.
  ['متجر\u2069!', '\u2068متجر!\u2069'],
])('%j is inserted as %j', (name, shown) => {
  expect(isolate(name)).toBe(shown)
})

test('every string value is isolated, in every method of the translator', () => {
  const received: unknown[] = []
  const translate = (_key: string, values?: unknown) => {
    received.push(values)
    return ''
  }
  const t = isolated(
    Object.assign(translate, {
      rich: translate,
      markup: translate,
      raw: translate,
      has: (_key: string) => true,
    }),
  )
  const bold = (text: string) => text
  for (const method of [t, t.rich, t.markup]) method('key', { name: 'מכירות', count: 2, bold })
  t('key')
  expect(received).toEqual([
    ...Array.from({ length: 3 }, () => ({ name: '\u2068מכירות\u2069', count: 2, bold })),
    undefined,
  ])
  expect(t.has('key')).toBe(true)
})
