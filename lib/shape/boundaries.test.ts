import { expect, test } from 'vitest'
import { importsAmong, pathBetween } from './graph.fixture'
import { importsOf, sourcesBelow, textOf } from './testing'

/**
 * What each folder may import: folders of the repository (as path prefixes) and packages. Type-only imports count. Tests
 * and test support are exempt.
 */
const rules: Record<string, { ours: string[]; packages: string[] }> = {
  'components/ui': { ours: ['components/ui'], packages: ['react', '@base-ui/react', 'lucide-react'] },
  'components/form': {
    ours: ['components/form', 'components/ui', 'lib/contract', 'lib/i18n', 'lib/browser'],
    packages: screen(),
  },
  'components/table': {
    ours: [
      'components/table',
      'components/shell',
      'components/form',
      'components/ui',
      'lib/contract',
      'lib/i18n',
      'lib/browser',
    ],
    packages: screen(),
  },
  'components/shell': {
    ours: ['components/shell', 'components/form', 'components/ui', 'lib/contract', 'lib/i18n', 'lib/browser'],
    packages: screen(),
  },
  'components/flow': {
    ours: [
      'components/flow',
      'components/shell',
      'components/form',
      'components/ui',
      'lib/contract',
      'lib/i18n',
      'lib/browser',
    ],
    packages: screen(),
  },
  'lib/contract': { ours: ['lib/contract'], packages: ['zod', 'libphonenumber-js'] },
  'lib/i18n': {
    ours: ['lib/i18n', 'lib/contract'],
    packages: ['next-intl', 'next/headers', 'next/navigation', 'react'],
  },
  'lib/browser': {
    ours: ['lib/browser', 'lib/contract', 'lib/i18n'],
    packages: ['@tanstack/react-query', 'zod'],
  },
  'lib/http': {
    ours: [
      'lib/http',
      'lib/usecases',
      'lib/contract',
      'lib/auth',
      'lib/runtime',
      'lib/shutdown',
      'lib/config',
      'lib/browser/query-key',
      'lib/i18n/locale',
    ],
    packages: ['next', '@tanstack/react-query', 'server-only', 'zod'],
  },
  'lib/usecases': {
    ours: [
      'lib/usecases',
      'lib/contract',
      'lib/alicloud',
      'lib/db',
      'lib/audit',
      'lib/auth',
      'lib/jobs',
      'lib/ledger',
      'lib/mirror',
      'lib/spool',
      'lib/sandbox',
      'lib/config',
    ],
    packages: ['drizzle-orm', 'zod'],
  },
  'lib/jobs': { ours: ['lib/jobs', 'lib/db'], packages: ['drizzle-orm', 'pg-boss'] },
  'lib/alicloud': { ours: ['lib/alicloud', 'lib/contract'], packages: ['@alicloud/openapi-client', 'zod'] },
  'lib/audit': { ours: ['lib/audit', 'lib/db'], packages: ['drizzle-orm'] },
  'lib/auth': { ours: ['lib/auth', 'lib/db', 'lib/contract'], packages: ['drizzle-orm'] },
  'lib/spool': { ours: ['lib/spool', 'lib/db'], packages: [] },
  'lib/ledger': { ours: ['lib/ledger', 'lib/db', 'lib/contract'], packages: ['drizzle-orm'] },
  'lib/mirror': {
    ours: ['lib/mirror', 'lib/db', 'lib/contract', 'lib/alicloud'],
    packages: ['drizzle-orm', 'pinyin-pro'],
  },
  'lib/db': {
    ours: ['lib/db', 'lib/startup-fault', 'lib/postgres-url'],
    packages: ['drizzle-orm', 'pg', '@electric-sql/pglite'],
  },
  'lib/sandbox': { ours: ['lib/sandbox'], packages: [] },
}

function screen() {
  return [
    'react',
    'next',
    'next-intl',
    'react-hook-form',
    'zod',
    '@hookform/resolvers',
    '@tanstack/react-query',
    'lucide-react',
    'libphonenumber-js',
  ]
}

/** Modules that other folders may import only through `index`. */
const modules = ['alicloud', 'audit', 'auth', 'db', 'jobs', 'ledger', 'mirror', 'sandbox', 'spool']

const imports = sourcesBelow('app', 'components', 'lib').flatMap(importsOf)

test.each(Object.entries(rules))('%s imports only what it may', (folder, { ours, packages }) => {
  const inside = imports.filter(({ file }) => file.startsWith(`${folder}/`))
  expect(inside.length).toBeGreaterThan(0)
  const forbidden = inside.filter(
    ({ target, ours: own }) =>
      !(own ? ours : [...packages, 'node:']).some((allowed) => within(target, allowed)),
  )
  expect(forbidden).toEqual([])
})

test('a screen imports no other area and no server code', () => {
  const shared = ['ui', 'form', 'table', 'shell', 'flow'].map((name) => `components/${name}`)
  for (const { file, target, ours } of imports) {
    const area = /^components\/[^/]+/.exec(file)?.[0]
    if (!area || rules[area] || !ours) continue
    const allowed = [area, ...shared, 'lib/contract', 'lib/i18n', 'lib/browser']
    expect({ file, target, allowed: allowed.some((one) => within(target, one)) }).toEqual({
      file,
      target,
      allowed: true,
    })
  }
})

test('only the server uses the pinyin dictionary', () => {
  const readers = imports.filter(({ target }) => target === 'pinyin-pro').map(({ file }) => file)
  expect(readers).toEqual(['lib/mirror/name-keys.ts'])
})

test('links and lazy parts are each created in one place', () => {
  const makers = (wanted: string) => imports.filter(({ target }) => target === wanted).map(({ file }) => file)
  expect(makers('next/link')).toEqual(['components/shell/link.tsx'])
  expect(makers('next/dynamic')).toEqual([])
  const lazy = sourcesBelow('components').filter((file) => /\blazy\(/.test(textOf(file)))
  expect(lazy).toEqual(['components/shell/lazy-part.tsx'])
})

test('translators come from lib/i18n, which isolates names', () => {
  const direct = sourcesBelow('app', 'components', 'lib').filter((file) =>
    /\b(use|get)Translations\b[^'"]*from 'next-intl/.test(textOf(file)),
  )
  expect(direct).toEqual(['lib/i18n/server-translations.ts', 'lib/i18n/translations.ts'])
})

test('modules are imported through their index only', () => {
  for (const { file, target, ours } of imports) {
    const module = modules.find((name) => ours && target.startsWith(`lib/${name}/`))
    if (!module || file.startsWith(`lib/${module}/`)) continue
    expect({ file, target }).toEqual({ file, target: `lib/${module}` })
  }
})

test('nothing imports app, and only lib/runtime.ts reads the environment', () => {
  expect(
    imports.filter(({ file, target, ours }) => ours && target.startsWith('app/') && !file.startsWith('app/')),
  ).toEqual([])
  const readers = sourcesBelow('app', 'components', 'lib').filter((file) =>
    textOf(file).includes('process.env'),
  )
  expect(readers).toEqual(['lib/runtime.ts'])
})

test('the parts of a flow work on any page: none of them imports the viewer', () => {
  const viewer = 'components/shell/me.tsx'
  const screens = importsAmong(sourcesBelow('components'))
  const flow = [...screens.keys()].filter((file) => within(file, 'components/flow'))
  expect([screens.has(viewer), flow.length > 0]).toEqual([true, true])
  expect(flow.flatMap((file) => pathBetween(screens, file, viewer)?.join(' → ') ?? [])).toEqual([])
  expect(flow.filter((file) => /\buseViewer\b/.test(textOf(file)))).toEqual([])
})

test('use cases know nothing of HTTP, except for sign-in and sessions', () => {
  const usecases = sourcesBelow('lib/usecases')
  const known = usecases.flatMap((file) => httpTermsIn(textOf(file)).map((term) => `${file}: ${term}`))
  expect(known.filter((one) => !/^lib\/usecases\/(sign-in|session)s?[./-]/.test(one))).toEqual([])
})

test.each([
  ['ctx.cookie.clear()', ['cookie']],
  ['const setCookie = 1, cookies = 2', ['Cookie', 'cookies']],
  ['ctx.userAgent + user_agent // User-Agent', ['userAgent', 'user_agent', 'User-Agent']],
  ["import { headers } from 'next/headers'", ['headers', 'next/headers']],
  ['reply.header, requestHeaders', ['header', 'Headers']],
  ['the next header text', ['header']],
  ['what comes next / later', []],
])('HTTP terms in %s', (text, terms) => {
  expect(httpTermsIn(text)).toEqual(terms)
})

function httpTermsIn(text: string): string[] {
  return text.match(/cookies?|user[-_]?agent|\bnext\/[\w/]+|headers?/gi) ?? []
}

function within(target: string, allowed: string): boolean {
  return target === allowed || target.startsWith(allowed.endsWith(':') ? allowed : `${allowed}/`)
}
