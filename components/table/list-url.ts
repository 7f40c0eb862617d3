/** The URL of a list with these filters; filters that are not set are omitted. */
export function listHref(path: string, filters: Record<string, string | number | undefined>): string {
  const set = Object.entries(filters).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return set.length === 0 ? path : `${path}?${new URLSearchParams(set)}`
}

/**
 * Changes the URL without requesting the page from the server again: the query of the list follows the URL.
 * @param how `replace` while typing, so that Back does not step through every letter
 */
export function goTo(href: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') window.history.pushState(null, '', href)
  else window.history.replaceState(null, '', href)
}

/**
 * The URL of a link, applied to the URL as it is now: the page shows a change of its URL a moment later, and a link pressed
 * in that moment must change its own filter and keep the others.
 * @param shown the parameters that the link's URL was made from
 * @param now the parameters in the address bar
 */
export function rebased(href: string, shown: URLSearchParams, now: URLSearchParams): string {
  const [path = '', query] = href.split('?')
  const linked = new URLSearchParams(query)
  const result = new URLSearchParams(now)
  for (const name of new Set([...linked.keys(), ...shown.keys()])) {
    const value = linked.get(name)
    if (value === shown.get(name)) continue
    if (value === null) result.delete(name)
    else result.set(name, value)
  }
  return result.size === 0 ? path : `${path}?${result}`
}
