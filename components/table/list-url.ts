/** The address of a list with these filters; what is not set stays out of it. */
export function listHref(path: string, filters: Record<string, string | number | undefined>): string {
  const set = Object.entries(filters).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return set.length === 0 ? path : `${path}?${new URLSearchParams(set)}`
}

/**
 * Changes the address without asking the server for the page again: the query of the list follows the address.
 * @param how `replace` while somebody types, so that Back does not go through every letter
 */
export function goTo(href: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') window.history.pushState(null, '', href)
  else window.history.replaceState(null, '', href)
}
