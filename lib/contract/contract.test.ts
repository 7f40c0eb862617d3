import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { CodeEntry } from './code-flow'
import { countriesOf } from './countries'
import type { Endpoint } from './endpoint'
import { AppError } from './errors'
import { allowedOn, maskNumber } from './phone-number'
import { routes } from './routes'

const root = path.join(import.meta.dirname, '..', '..')

describe('every name in routes.ts has an endpoint, and every endpoint a route', async () => {
  const files = readdirSync(import.meta.dirname).filter((name) => /^[a-z-]+\.ts$/.test(name))
  const modules = await Promise.all(files.map((name) => import(path.join(import.meta.dirname, name))))
  const endpoints = modules
    .flatMap((module) => Object.entries(module))
    .filter((entry): entry is [string, Endpoint] => isEndpoint(entry[1]))
  const urls = endpoints.map(([, { method, path: url }]) => `${method} ${url}`)
  const handlers = readdirSync(path.join(root, 'app', 'api'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('route.ts'))
    .flatMap((name) => {
      const text = readFileSync(path.join(root, 'app', 'api', name), 'utf8')
      const url = `/api/${path.posix.dirname(name.replaceAll(path.sep, '/'))}`.replace(/\[(\w+)\]/g, ':$1')
      return [...text.matchAll(/export const (GET|POST|DELETE) = route\(/g)].map(
        ([, method]) => `${method} ${url}`,
      )
    })

  test('an `endpoint` of that name in a file of lib/contract', () => {
    const names = endpoints.map(([name]) => name)
    expect(names.length).toBeGreaterThan(15)
    expect(Object.keys(routes).filter((name) => !names.includes(name))).toEqual([])
  })

  test('a `route()` of that method in the route.ts of that path in app/api', () => {
    expect(urls.filter((url) => !handlers.includes(url))).toEqual([])
    expect(handlers.filter((url) => !urls.includes(url))).toEqual([])
  })
})

function isEndpoint(value: unknown): value is Endpoint {
  return (
    typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'input' in value
  )
}

test('failures are recognized by shape across bundles', () => {
  const copy = Object.assign(new Error('code.expired'), { code: 'code.expired' })
  expect(copy instanceof AppError).toBe(true)
  expect(Object.assign(new Error('x'), { code: 'ECONNRESET' }) instanceof AppError).toBe(false)
})

describe('the code as it is typed or pasted', () => {
  test.each([
    '123456',
    '123 456',
    '123-456',
    '123–456',
    '１２３４５６',
    '123456\n',
    ' 123456 ',
    '１２３－４５６',
  ])('%j', (typed) => {
    expect(CodeEntry.parse({ code: typed })).toEqual({ code: '123456' })
  })

  test('leading zeros stay', () => {
    expect(CodeEntry.parse({ code: '004217' })).toEqual({ code: '004217' })
  })

  test.each([
    ['', 'code.empty'],
    ['  ', 'code.empty'],
    ['12345', 'code.too_short'],
    ['1234567', 'code.too_long'],
    ['12345x', 'code.not_digits'],
    ['x'.repeat(100), 'code.too_long'],
  ])('%j is reported as %s', (typed, message) => {
    expect(CodeEntry.safeParse({ code: typed }).error?.issues[0]?.message).toBe(message)
  })
})

test('a masked number shows its last four digits, and never more than half of the national ones', () => {
  expect(maskNumber('65-91234567')).toBe('+65-****4567')
  expect(maskNumber('683-4001')).toBe('+683-****01')
  for (let length = 1; length <= 14; length++) {
    const shown = maskNumber(`44-${'9'.repeat(length)}`).replace(/^.*\*/, '').length
    expect([length, shown]).toEqual([length, Math.min(4, Math.floor(length / 2))])
  }
})

test('a site offers only countries whose numbers it accepts', () => {
  const international = countriesOf('international', 'en')
  expect(international.length).toBeGreaterThan(200)
  expect(international.every(({ callingCode }) => allowedOn('international', callingCode))).toBe(true)
  expect(international.find(({ code }) => code === 'HK')?.name).toBe('Hong Kong (China)')
  expect(countriesOf('china', 'zh-CN')).toEqual([{ code: 'CN', callingCode: '86', name: '中国', main: true }])
  expect(international.find(({ callingCode, main }) => main && callingCode === '1')?.code).toBe('US')
})
