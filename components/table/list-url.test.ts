import { describe, expect, it } from 'vitest'
import { listHref } from './list-url.ts'

describe('listHref', () => {
  it('omits filters that are not set', () => {
    expect(listHref('/members', {})).toBe('/members')
    expect(listHref('/members', { q: '', phone: undefined })).toBe('/members')
    expect(listHref('/members', { phone: 'missing', page: 2 })).toBe('/members?phone=missing&page=2')
  })

  it('keeps every character of a search', () => {
    const href = listHref('/members', { q: 'a&b=c 门店+%' })
    expect(new URL(href, 'http://console.invalid').searchParams.get('q')).toBe('a&b=c 门店+%')
  })
})
