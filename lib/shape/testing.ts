import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

// What the checks of the repository's shape read: its files, and who imports whom. All of them read it here.

export const root = path.join(import.meta.dirname, '..', '..')

export interface Import {
  file: string
  /** Path inside the repository, or the package's name. */
  target: string
  ours: boolean
}

/** The files of these folders that hold code or data, tests included, as paths inside the repository. */
export function filesBelow(...folders: string[]): string[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx,mjs,js,css,sql,json}`, { cwd: root }))
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => !file.endsWith('.d.json.ts'))
    .sort()
}

/** Tests and what supports them: they may reach anywhere. */
export function isTest(file: string): boolean {
  return /\.test\.tsx?$|\.fixture\.ts$|^e2e\/|\/test\/|\/testing(-[a-z]+)?\.ts$/.test(file)
}

/** TypeScript of the product: no tests, no declarations. */
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

/** The file that an import of ours leads to. */
export function fileOf({ file, target }: Import): string {
  const endings = ['', '.ts', '.tsx', '/index.ts']
  const found = endings
    .map((ending) => target + ending)
    .find((one) => existsSync(path.join(root, one)) && statSync(path.join(root, one)).isFile())
  if (!found) throw new Error(`${file} imports ${target}, which is not there`)
  return found
}

const comment = /\/\/.*|\/\*[\s\S]*?\*\//
/** Only where a value may begin: elsewhere a slash divides or ends a tag. */
const regularExpression =
  /(?<=[(,=:[!&|?;{]\s*|\breturn\s+)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\//
const template = /`(?:\\[\s\S]|[^`\\])*`/
const gap = `(?:\\s|${comment.source})`
const names = `(?:[\\w$,{}*\\s]|${comment.source})`
const specifier = `['"]([^'"\\n]+)['"]`
const declared = `\\b(?:import|export)\\b(?:${names}*?\\bfrom\\b)?${gap}*${specifier}`
const called = `\\bimport\\(${gap}*(?:['"]([^'"\\n]+)['"]|\`([^\`$]+)\`)`
const string = /'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"/
// Whatever comes first, from left to right: what stands in a comment or a text is no import.
const token = new RegExp(
  [comment.source, declared, called, regularExpression.source, template.source, string.source].join('|'),
  'g',
)
/** Scripts in plain JavaScript name their types in comments. */
const typeInComment = /@\w+\s+\{[^{}\n]*?\bimport\(['"]([^'"\n]+)['"]\)/g

/**
 * What a file imports, re-exports, imports later or takes a type from, as it is written there. An `import()` of something
 * computed is not among it.
 */
export function specifiersIn(text: string): string[] {
  return [...text.matchAll(token)].flatMap(([whole, ...found]) =>
    /^\/[/*]/.test(whole)
      ? [...whole.matchAll(typeInComment)].map(([, inComment = '']) => inComment)
      : found.filter((one) => one !== undefined),
  )
}
