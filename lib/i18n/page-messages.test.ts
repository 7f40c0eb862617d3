import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import en from './messages/en'

const root = path.join(import.meta.dirname, '..', '..')

/** What Next shows at an address; a layout surrounds what stands in its folder. */
const shown = globSync('app/**/{page,not-found,error,global-error,loading,template,default}.tsx', {
  cwd: root,
})
const layouts = globSync('app/**/layout.tsx', { cwd: root })

test.each(shown)('%s has the words of all it shows in the browser, and no others', (file) => {
  const around = layouts.filter((layout) => file.startsWith(path.dirname(layout))).flatMap(given)
  const { within, beside, own } = partsOf(file)
  expect({ own, twice: own.filter((name) => around.includes(name)) }).toEqual({
    own: without(usedBy(within), around),
    twice: [],
  })
  // What is shown instead of the page itself has the words of the layouts alone.
  expect(without([...usedBy(beside), ...saidBy(file)], around)).toEqual([])
})

test.each(layouts)('%s gives what it shows itself, or all pages below it show, and no others', (file) => {
  const surrounding = layouts.filter((layout) => file !== layout && file.startsWith(path.dirname(layout)))
  const own = given(file)
  const itself = usedBy([{ file, inBrowser: false }])
  expect(without(itself, [...own, ...surrounding.flatMap(given)])).toEqual([])
  const below = shown.filter((page) => page.endsWith('/page.tsx') && page.startsWith(path.dirname(file)))
  const byAll = own.filter((name) =>
    below.every((page) => usedBy([{ file: page, inBrowser: false }]).includes(name)),
  )
  expect(without(own, [...itself, ...byAll])).toEqual([])
})

test('the words of the sandbox, which the frame gives in sandbox mode only, are said by its own screens', () => {
  const sources = ['app', 'components', 'lib'].flatMap((folder) =>
    globSync(`${folder}/**/*.tsx`, { cwd: root }),
  )
  const users = sources.filter((file) => saidBy(file).includes('sandbox'))
  expect(users.length).toBeGreaterThan(0)
  expect(users.filter((file) => !file.startsWith('components/sandbox/'))).toEqual([])
})

test('what a translator is made for, and what comes later, can be read from the source', () => {
  const sources = ['app', 'components', 'lib']
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root }))
    .filter((file) => !/\.test\.|\.d\.ts$|\/testing\.ts$/.test(file) && file !== 'lib/i18n/translations.ts')
  const unclear = sources.filter((file) =>
    /\buseTranslations\((?!['"])|\bimport\((?!\s*['"])/.test(textOf(file)),
  )
  expect(unclear).toEqual([])
  // The parts of a page that come later are seen.
  const step = usedBy([{ file: 'components/sandbox/inbox-beside.tsx', inBrowser: false }])
  expect(step).toContain('sandbox')
})

interface Part {
  file: string
  /** Imported by a module of the browser, whatever it says itself. */
  inBrowser: boolean
}

function textOf(file: string): string {
  return readFileSync(path.join(root, file), 'utf8')
}

function without(names: string[], others: string[]): string[] {
  return names.filter((name) => !others.includes(name))
}

/** The namespaces that a layout or page hands to the browser, as its source lists them. */
function given(file: string): string[] {
  const lists = textOf(file).matchAll(/\bclientMessages\(\[(.*?)\]\)|\bnamespaces=\{\[(.*?)\]\}/gs)
  return [...lists].flatMap(([, layout, page]) =>
    [...(layout ?? page ?? '').matchAll(/'(\w+)'/g)]
      .map(([, name = '']) => name)
      .filter((name) => name in en),
  )
}

/** The components that a page shows within its own messages and beside them. */
function partsOf(file: string): { within: Part[]; beside: Part[]; own: string[] } {
  const text = textOf(file)
  const inBrowser = isOfBrowser(text)
  const from = new Map(
    importsOf(file).flatMap(({ names, target }) => names.map((name) => [name, { file: target, inBrowser }])),
  )
  const parts = (source: string) =>
    [...source.matchAll(/<([A-Z]\w*)/g)].flatMap(([, name = '']) => from.get(name) ?? [])
  const [wrapped = '', ...more] = text.match(/<PageMessages[\s\S]*?<\/PageMessages>/g) ?? []
  expect(more).toEqual([])
  return { within: parts(wrapped), beside: parts(text.replace(wrapped, '')), own: given(file) }
}

/** The namespaces that these and all they import use in the browser, in the order of the alphabet. */
function usedBy(parts: Part[]): string[] {
  const seen = new Set<string>()
  const used = new Set<string>()
  const visit = ({ file, inBrowser: below }: Part) => {
    const inBrowser = below || isOfBrowser(textOf(file))
    const key = `${file} ${inBrowser}`
    if (seen.has(key)) return
    seen.add(key)
    if (inBrowser) for (const name of translatedBy(file)) used.add(name)
    for (const { target } of importsOf(file)) visit({ file: target, inBrowser })
  }
  for (const part of parts) visit(part)
  return [...used].sort()
}

/** The namespaces that a file of the browser asks for itself. */
function saidBy(file: string): string[] {
  return isOfBrowser(textOf(file)) ? translatedBy(file) : []
}

function translatedBy(file: string): string[] {
  return [...textOf(file).matchAll(/\buseTranslations\(['"](\w+)/g)].flatMap(([, name = '']) => name)
}

function isOfBrowser(text: string): boolean {
  return /^['"]use client['"]/.test(text)
}

/** What a file of ours imports of ours at run time, at once or later; types are gone by then. */
function importsOf(file: string): { names: string[]; target: string }[] {
  const found = textOf(file).matchAll(
    /^(?:import|export)\s(?!type\s)(?:([^'"]*?)\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
  )
  return [...found].flatMap(([, names = '', direct, later]) => {
    const specifier = direct ?? later ?? ''
    const place = specifier.startsWith('@/')
      ? specifier.slice(2)
      : path.posix.join(path.dirname(file), specifier)
    if (!/^(\.|@\/)/.test(specifier)) return []
    const target = [place, `${place}.ts`, `${place}.tsx`, `${place}/index.ts`].find(
      (one) => /\.tsx?$/.test(one) && existsSync(path.join(root, one)),
    )
    return target ? [{ names: names.match(/\w+/g) ?? [], target }] : []
  })
}
