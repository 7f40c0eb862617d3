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
