import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import en from './messages/en'

const root = path.join(import.meta.dirname, '..', '..')

/** What Next can render at a URL. A layout wraps everything in its folder. */
const shown = globSync('app/**/{page,not-found,error,global-error,loading,template,default}.tsx', {
  cwd: root,
})
const layouts = globSync('app/**/layout.tsx', { cwd: root })

test.each(shown)('%s sends the browser exactly the namespaces it uses', (file) => {
  const around = layouts.filter((layout) => file.startsWith(path.dirname(layout))).flatMap(sentBy)
  const { within, beside, own } = partsOf(file)
  expect({ own, twice: own.filter((name) => around.includes(name)) }).toEqual({
    own: without(usedBy(within), around),
    twice: [],
  })
  // What can replace the page has only the messages of the layouts.
  expect(without([...usedBy(beside), ...usedDirectlyBy(file)], around)).toEqual([])
})

test.each(layouts)('%s sends only what it uses itself or all pages below it use', (file) => {
  const surrounding = layouts.filter((layout) => file !== layout && file.startsWith(path.dirname(layout)))
  const own = sentBy(file)
  const itself = usedBy([{ file, inBrowser: false }])
  expect(without(itself, [...own, ...surrounding.flatMap(sentBy)])).toEqual([])
  const below = shown.filter((page) => page.endsWith('/page.tsx') && page.startsWith(path.dirname(file)))
  const byAll = own.filter((name) =>
    below.every((page) => usedBy([{ file: page, inBrowser: false }]).includes(name)),
  )
  expect(without(own, [...itself, ...byAll])).toEqual([])
})

test('only the sandbox screens use the sandbox messages, which are sent in sandbox mode only', () => {
  const sources = ['app', 'components', 'lib'].flatMap((folder) =>
    globSync(`${folder}/**/*.tsx`, { cwd: root }),
  )
  const users = sources.filter((file) => usedDirectlyBy(file).includes('sandbox'))
  expect(users.length).toBeGreaterThan(0)
  expect(users.filter((file) => !file.startsWith('components/sandbox/'))).toEqual([])
})

test('namespaces of translators and dynamic imports are string literals', () => {
  const sources = ['app', 'components', 'lib']
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root }))
    .filter((file) => !/\.test\.|\.d\.ts$|\/testing\.ts$/.test(file) && file !== 'lib/i18n/translations.ts')
  const unclear = sources.filter((file) =>
    /\buseTranslations\((?!['"])|\bimport\((?!\s*['"])/.test(textOf(file)),
  )
  expect(unclear).toEqual([])
  // Dynamic imports are followed.
  const step = usedBy([{ file: 'components/sandbox/inbox-beside.tsx', inBrowser: false }])
  expect(step).toContain('sandbox')
})

interface Part {
  file: string
  /** Imported by a client module, even if the file itself has no 'use client'. */
  inBrowser: boolean
}

function textOf(file: string): string {
  return readFileSync(path.join(root, file), 'utf8')
}

function without(names: string[], others: string[]): string[] {
  return names.filter((name) => !others.includes(name))
}

/** The namespaces that a layout or page sends to the browser, according to its source. */
function sentBy(file: string): string[] {
  const lists = textOf(file).matchAll(/\bclientMessages\(\[(.*?)\]\)|\bnamespaces=\{\[(.*?)\]\}/gs)
  return [...lists].flatMap(([, layout, page]) =>
    [...(layout ?? page ?? '').matchAll(/'(\w+)'/g)]
      .map(([, name = '']) => name)
      .filter((name) => name in en),
  )
}

/** The components inside a page's PageMessages (`within`) and outside (`beside`), and the namespaces it sends. */
function partsOf(file: string): { within: Part[]; beside: Part[]; own: string[] } {
  const text = textOf(file)
  const inBrowser = isClientFile(text)
  const from = new Map(
    importsOf(file).flatMap(({ names, target }) => names.map((name) => [name, { file: target, inBrowser }])),
  )
  const parts = (source: string) =>
    [...source.matchAll(/<([A-Z]\w*)/g)].flatMap(([, name = '']) => from.get(name) ?? [])
  const [wrapped = '', ...more] = text.match(/<PageMessages[\s\S]*?<\/PageMessages>/g) ?? []
  expect(more).toEqual([])
  return { within: parts(wrapped), beside: parts(text.replace(wrapped, '')), own: sentBy(file) }
}

/** The namespaces used in the browser by these files and all they import, sorted. */
function usedBy(parts: Part[]): string[] {
  const seen = new Set<string>()
  const used = new Set<string>()
  const visit = ({ file, inBrowser: below }: Part) => {
    const inBrowser = below || isClientFile(textOf(file))
    const key = `${file} ${inBrowser}`
    if (seen.has(key)) return
    seen.add(key)
    if (inBrowser) for (const name of translatedBy(file)) used.add(name)
    for (const { target } of importsOf(file)) visit({ file: target, inBrowser })
  }
  for (const part of parts) visit(part)
  return [...used].sort()
}

/** The namespaces that a client file uses directly. */
function usedDirectlyBy(file: string): string[] {
  return isClientFile(textOf(file)) ? translatedBy(file) : []
}

function translatedBy(file: string): string[] {
  return [...textOf(file).matchAll(/\buseTranslations\(['"](\w+)/g)].flatMap(([, name = '']) => name)
}

function isClientFile(text: string): boolean {
  return /^['"]use client['"]/.test(text)
}

/** The repository's files that a file imports at run time, dynamic imports included; type imports don't count. */
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
