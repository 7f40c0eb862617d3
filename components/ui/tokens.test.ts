import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('../../app/globals.css', import.meta.url), 'utf8')

/** Every declaration of a color role, whatever its value looks like, so that none escapes the checks. */
const declared = [...css.matchAll(/^\s*--color-([a-z]\w*):\s*(.+);$/gim)].map(
  ([, role = '', value = '']) => ({
    role,
    value,
  }),
)

const roles = new Map(
  declared.map(({ role, value }) => {
    const [, light, dark] = /^light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)$/.exec(value) ?? []
    return [role, { light, dark }]
  }),
)

const themes = ['light', 'dark'] as const
type Theme = (typeof themes)[number]

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(pair: string, theme: Theme): number {
  const [a, b] = pair.split('/').map((role) => luminance(roles.get(role)?.[theme] ?? ''))
  const [high, low] = [Math.max(a ?? Number.NaN, b ?? Number.NaN), Math.min(a ?? Number.NaN, b ?? Number.NaN)]
  return (high + 0.05) / (low + 0.05)
}

const text =
  `text/surface text2/surface text3/surface text3/canvas text3/sunken text3/accentSoft accentText/surface
  accentText/accentSoft onAccent/accent onAccent/accentHover onAccent/badFill okText/okSoft warnText/warnSoft
  badText/badSoft text2/warnSoft text2/badSoft idleText/idleSoft sandText/sandSoft codeDim/codeBg
  text/canvas text2/canvas text2/accentSoft text2/okSoft text2/sunken text2/hover text3/hover accentText/canvas
  okText/surface warnText/surface badText/surface badText/canvas codeText/codeBg codeKey/codeBg`.split(/\s+/)

const controls = `control/surface control/sunken control/canvas accent/surface focus/surface focus/canvas
  ok/surface warn/surface bad/surface idle/surface accent/canvas ok/canvas warn/canvas bad/canvas idle/canvas`.split(
  /\s+/,
)

describe('color roles', () => {
  it('exist in both themes', () => {
    expect(roles.size).toBeGreaterThan(40)
    expect(declared.filter(({ role }) => !roles.get(role)?.light || !roles.get(role)?.dark)).toEqual([])
  })

  it('are declared once', () => {
    expect(declared.length).toBe(roles.size)
  })

  it('are the only colors besides shadows', () => {
    const rest = css
      .split('\n')
      .filter((line) => /#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch)a?\(/i.test(line))
      .filter((line) => !/^\s*--(color|shadow)-/.test(line))
    expect(rest).toEqual([])
  })
})

describe.each(themes)('contrast, %s', (theme) => {
  it.each(text)('%s is readable as text', (pair) => {
    expect(contrast(pair, theme)).toBeGreaterThanOrEqual(4.5)
  })

  it.each(controls)('%s is visible as a control', (pair) => {
    expect(contrast(pair, theme)).toBeGreaterThanOrEqual(3)
  })
})
