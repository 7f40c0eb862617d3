import { globSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { errorStatus, pageErrors } from '@/lib/contract/errors'
import { hasForeignWords } from './foreign-words.fixture'
import { chooseLocale, chooseTheme, chooseTimeZone } from './locale'
import en from './messages/en'
import zh from './messages/zh-CN'

type Tree = { [key: string]: string | Tree }

function leaves(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[prefix + key, value] as [string, string]]
      : leaves(value, `${prefix}${key}.`),
  )
}

const english = new Map(leaves(en))
const chinese = new Map(leaves(zh))

/** The names of all arguments and tags in an ICU message, including those inside branches. */
function placeholders(text: string): string[] {
  const names = new Set([...text.matchAll(/<(\w+)>/g)].map(([, name]) => name ?? ''))
  let at = 0
  const message = () => {
    while (at < text.length && text[at] !== '}') {
      if (text[at++] === '{') argument()
    }
  }
  const argument = () => {
    const [head = '', name = '', rest = ''] = /^\s*(\w+)\s*([,}])/.exec(text.slice(at)) ?? []
    names.add(name)
    at += head.length
    if (rest === '}') return
    // Branches: a selector and a message in braces, up to the argument's closing brace.
    while (at < text.length && text[at] !== '}') {
      if (text[at++] === '{') {
        message()
        at++
      }
    }
    at++
  }
  message()
  return [...names].sort()
}

test.each([
  ['en', en],
  ['zh-CN', zh],
])('%s includes all its files', (language, messages) => {
  const cwd = path.join(import.meta.dirname, 'messages', language)
  const files = globSync('**/*.json', { cwd }).map((file) => readFileSync(path.join(cwd, file), 'utf8'))
  const texts = (trees: Tree[]) => trees.flatMap((tree) => leaves(tree).map(([, text]) => text)).sort()
  expect(texts([messages])).toEqual(texts(files.map((file) => JSON.parse(file))))
})

test('both languages have the same keys and placeholders', () => {
  expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
  const different = [...english].filter(
    ([key, text]) => placeholders(text).join() !== placeholders(chinese.get(key) ?? '').join(),
  )
  expect(different.map(([key]) => key)).toEqual([])
})

test('every error code has a cause and a next step, and there are no others', () => {
  const wanted = [...Object.keys(errorStatus), ...pageErrors].flatMap((code) => [
    `${code}.cause`,
    `${code}.next`,
  ])
  expect(
    leaves(en.errors as Tree)
      .map(([key]) => key)
      .sort(),
  ).toEqual(wanted.sort())
})

/** The visible text of a message, without the names of arguments, tags and selectors. */
function wordsOf(message: string): string {
  return message
    .replace(/<\/?\w+>/g, '')
    .replace(/\{\w+\}/g, '')
    .replace(/\{\s*\w+\s*,[^{}]*/g, '')
    .replace(/[=\w]+\s*\{/g, ' ')
}

describe('wording', () => {
  test.each([
    ['en', english],
    ['zh-CN', chinese],
  ] as const)('%s has no words of the other language', (language, messages) => {
    const foreign = [...messages].filter(
      // In the menu each language has its own name.
      ([key, text]) => key !== 'shell.chinese' && hasForeignWords(wordsOf(text), language),
    )
    expect(foreign.map(([key, text]) => `${key}: ${text}`)).toEqual([])
  })

  test('an unavailable database does not mention Alibaba Cloud, unless it prevented a change', () => {
    for (const { storage } of [en.errors, zh.errors]) {
      const [always = '', ...ofChange] = storage.unavailable.cause.split('{sent, select, no ')
      expect(always).not.toMatch(/Alibaba|阿里云/)
      expect(ofChange.join()).toMatch(/Alibaba|阿里云/)
    }
  })

  test('Chinese uses full-width punctuation and the fixed terms', () => {
    const halfWidth = [...chinese].filter(([, text]) =>
      /\p{Script=Han}[,;:?!]|[,;?!]\p{Script=Han}/u.test(text),
    )
    expect(halfWidth.map(([key, text]) => `${key}: ${text}`)).toEqual([])
    expect([...chinese.values()].filter((text) => /校验码|亲|啦/.test(text))).toEqual([])
  })

  test('no message claims delivery, apologizes or exclaims', () => {
    const wrong = [...english.values()].filter((text) =>
      /\bdelivered\b|\boops\b|\bsuccessfully\b|\bplease\b|!/i.test(text),
    )
    expect(wrong).toEqual([])
  })
})

// Biome (`noJsxLiterals`) finds text between tags, and the browser tests find text in the wrong language on a page.
test('no label, title or placeholder is hard-coded', () => {
  const literal =
    /\b(aria-(?:label|description|valuetext)|title|placeholder|alt|label|hint|note)=\{?["'`](?=[^"'`$]*[\p{Ll}\p{Script=Han}])/gu
  const written = (source: string) => [...source.matchAll(literal)].map(([found]) => found)
  expect(
    written('<img alt="A picture" /> <b title={`Two words`}>{t("x")}</b> <i title={t("x")} />'),
  ).toHaveLength(2)

  const root = path.join(import.meta.dirname, '..', '..')
  const sources = ['app', 'components'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.tsx') && !name.includes('.test.'))
      .map((name) => path.join(folder, name)),
  )
  expect(sources.length).toBeGreaterThan(100)
  expect(
    sources.flatMap((name) =>
      written(readFileSync(path.join(root, name), 'utf8')).map((found) => `${name}: ${found}`),
    ),
  ).toEqual([])
})

describe('preferences', () => {
  test.each([
    ['zh-CN', 'en', 'zh-CN'],
    [undefined, 'zh-TW,zh;q=0.9,en;q=0.8', 'zh-CN'],
    [undefined, 'fr-FR,en-GB;q=0.7,zh;q=0.3', 'en'],
    [undefined, 'zh;q=0.2,en;q=0.9', 'en'],
    [undefined, 'fr', 'en'],
    [undefined, '', 'en'],
    ['xx', 'zh', 'zh-CN'],
  ])('cookie %j and Accept-Language %j give %s', (cookie, header, locale) => {
    expect(chooseLocale(cookie, header)).toBe(locale)
  })

  test('unknown themes and time zones fall back', () => {
    expect([chooseTheme('dark'), chooseTheme('pink'), chooseTheme(undefined)]).toEqual([
      'dark',
      'system',
      'system',
    ])
    expect([
      chooseTimeZone('Asia/Singapore'),
      chooseTimeZone('Mars/Olympus'),
      chooseTimeZone(undefined),
    ]).toEqual(['Asia/Singapore', 'UTC', 'UTC'])
  })
})
