import { expect, test } from 'vitest'
import { isolate } from './isolate'
import { isolated } from './isolated'

test.each([
  ['kiosk-harbour', 'kiosk-harbour'],
  ['门店收银', '门店收银'],
  ['מכירות', '\u2068מכירות\u2069'],
  ['shop متجر 1', '\u2068shop متجر 1\u2069'],
  // A mark that is never closed would turn the rest of the sentence around.
  ['exe\u202etxt.kiosk', 'exetxt.kiosk'],
  ['\u2067kiosk', 'kiosk'],
  // One that closes ours would let the name out.
  ['متجر\u2069!', '\u2068متجر!\u2069'],
])('%j stands as %j in a text', (name, shown) => {
  expect(isolate(name)).toBe(shown)
})

test('every text value of a message is isolated, in every way to say it', () => {
  const said: unknown[] = []
  const say = (_key: string, values?: unknown) => {
    said.push(values)
    return ''
  }
  const t = isolated(Object.assign(say, { rich: say, markup: say, raw: say, has: (_key: string) => true }))
  const bold = (words: string) => words
  for (const way of [t, t.rich, t.markup]) way('key', { name: 'מכירות', count: 2, bold })
  t('key')
  expect(said).toEqual([
    ...Array.from({ length: 3 }, () => ({ name: '\u2068מכירות\u2069', count: 2, bold })),
    undefined,
  ])
  expect(t.has('key')).toBe(true)
})
