import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

// Reads the repository's files and their imports, for the tests of its structure.

export const root = path.join(import.meta.dirname, '..', '..')

export interface Import {
  file: string
  /** Path in the repository, or package name. */
  target: string
  ours: boolean
}

/** Code and data files in these folders, tests included, as paths in the repository. */
export function filesBelow(...folders: string[]): string[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx,mjs,js,css,sql,json}`, { cwd: root }))
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => !file.endsWith('.d.json.ts'))
    .sort()
}

/** Tests and test support, which may import anything. */
export function isTest(file: string): boolean {
  return /\.test\.tsx?$|\.fixture\.ts$|^e2e\/|\/test\/|\/testing(-[a-z]+)?\.ts$/.test(file)
}

/** TypeScript files of the product, without tests and declarations. */
export function sourcesBelow(...folders: string[]): string[] {
  return filesBelow(...folders).filter(
    (file) => /\.tsx?$/.test(file) && !/\.d\.ts$/.test(file) && !isTest(file),
  )
}

export function textOf(file: string): string {
  return readFileSync(path.join(root, file), 'utf8')
}

export function importsOf(file: string): Import[] {
  return specifiersIn(textOf(file)).map((specifier) => {
    const ours = specifier.startsWith('.') || specifier.startsWith('@/')
    if (!ours) return { file, target: specifier, ours }
    const target = specifier.startsWith('@/')
      ? specifier.slice(2)
      : path.posix.join(path.posix.dirname(file), specifier)
    return { file, target: target.replace(/\.tsx?$/, '').replace(/\/index$/, ''), ours }
  })
}

/** The file that an import within the repository resolves to. */
export function fileOf({ file, target }: Import): string {
  const endings = ['', '.ts', '.tsx', '/index.ts']
  const found = endings
    .map((ending) => target + ending)
    .find((one) => existsSync(path.join(root, one)) && statSync(path.join(root, one)).isFile())
  if (!found) throw new Error(`${file} imports ${target}, which does not exist`)
  return found
}

const comment = /\/\/.*|\/\*[\s\S]*?\*\//
/** Only where a value may start: elsewhere a slash is a division or ends a tag. */
const regularExpression =
  /(?<=[(,=:[!&|?;{]\s*|\breturn\s+)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\//
const template = /`(?:\\[\s\S]|[^`\\])*`/
const gap = `(?:\\s|${comment.source})`
const names = `(?:[\\w$,{}*\\s]|${comment.source})`
const specifier = `['"]([^'"\\n]+)['"]`
const declared = `\\b(?:import|export)\\b(?:${names}*?\\bfrom\\b)?${gap}*${specifier}`
const called = `\\bimport\\(${gap}*(?:['"]([^'"\\n]+)['"]|\`([^\`$]+)\`)`
const string = /'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"/
// Matched from left to right, so that nothing inside a comment or string counts as an import.
const token = new RegExp(
  [comment.source, declared, called, regularExpression.source, template.source, string.source].join('|'),
  'g',
)
/** Plain JavaScript files import types in comments. */
const typeInComment = /@\w+\s+\{[^{}\n]*?\bimport\(['"]([^'"\n]+)['"]\)/g

/**
 * The specifiers of all imports in a file: static and dynamic imports, re-exports and type imports. An `import()` with a
 * computed specifier is not included.
 */
export function specifiersIn(text: string): string[] {
  return [...text.matchAll(token)].flatMap(([whole, ...found]) =>
    /^\/[/*]/.test(whole)
      ? [...whole.matchAll(typeInComment)].map(([, inComment = '']) => inComment)
      : found.filter((one) => one !== undefined),
  )
}
