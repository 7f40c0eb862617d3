import { describe, expect, it } from 'vitest'
import { listHref, rebased } from './list-url.ts'

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

describe('rebased', () => {
  const at = (query: string) => new URLSearchParams(query)

  it('is the URL of the link while the page shows the present URL', () => {
    const href = '/members?q=store&phone=missing'
    expect(rebased(href, at('q=store&page=3'), at('q=store&page=3'))).toBe(href)
    expect(rebased('/members', at('mode=new'), at('mode=new'))).toBe('/members')
  })

  it('changes only what the link changes if the URL has moved on', () => {
    expect(rebased('/members?phone=missing', at(''), at('q=store'))).toBe('/members?q=store&phone=missing')
    expect(rebased('/members', at('type=cloud'), at('type=cloud&q=store'))).toBe('/members?q=store')
    expect(rebased('/members?sort=-name&q=old', at('q=old'), at('q=new'))).toBe('/members?q=new&sort=-name')
  })
})
