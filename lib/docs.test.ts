import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
const pages = globSync(['README.md', 'docs/**/*.md', 'lib/**/*.md'], { cwd: root })

test.each(pages)('%s links only to existing files', (page) => {
  const text = readFileSync(path.join(root, page), 'utf8')
  const links = [...text.matchAll(/\]\(([^)#\s]+)/g)].map(([, link = '']) => link)
  const own = links.filter((link) => !/^[a-z]+:/.test(link))
  expect(own.filter((link) => !existsSync(path.resolve(root, path.dirname(page), link)))).toEqual([])
})

const tests = globSync(['{app,components,lib,scripts}/**/*.test.{ts,tsx}', 'e2e/*.spec.ts'], { cwd: root })

test.each(pages)('%s names only existing tests', (page) => {
  const text = readFileSync(path.join(root, page), 'utf8')
  const named = [...text.matchAll(/(?<![\w./*-])[a-z][\w./-]*\.(?:test|spec)\.tsx?/g)].map(([name]) => name)
  expect(named.filter((name) => !tests.some((file) => `/${file}`.endsWith(`/${name}`)))).toEqual([])
})
