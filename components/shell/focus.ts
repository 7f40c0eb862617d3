import { focusPlace } from '@/components/ui/focus-place'

/**
 * Where keyboard and screen reader continue when their current element is gone. A navigation inside the
 * document leads to the new page's heading, Back and Forward to the link that was followed there; if the
 * focused element disappears, focus stays in the part it was in. The state belongs to the document: an error
 * page replaces all of React's tree.
 */

/** The path of the page on screen; null until the first one, whose focus is left to the browser. */
let shownPath: string | null = null
/** The element that has or last had the focus, and its ancestors, innermost first. */
let trail: Element[] = []
/** Announces the new page; set until its heading is reached. */
let arrival: ((page: string) => void) | null = null

/** A page with another path than the previous one is on screen, or about to stream in. */
export function arriveAt(path: string, announce: (page: string) => void): void {
  const before = shownPath
  shownPath = path
  if (before === null) return
  if (before === path) {
    restore()
  } else {
    announce('')
    arrival = announce
    reachPage()
  }
}

/** @returns a function that stops watching */
export function watchFocus(): () => void {
  const watcher = new MutationObserver(() => {
    if (arrival) reachPage()
    else if (isLost()) setTimeout(restore, graceMs)
  })
  watcher.observe(document.body, { childList: true, subtree: true })
  document.addEventListener('focusin', onFocusIn)
  document.addEventListener('focusout', onFocusOut)
  document.addEventListener('click', onClick, true)
  return () => {
    watcher.disconnect()
    document.removeEventListener('focusin', onFocusIn)
    document.removeEventListener('focusout', onFocusOut)
    document.removeEventListener('click', onClick, true)
  }
}

function reachPage(): void {
  const main = document.querySelector('main')
  const heading = firstDrawn(main ?? document, 'h1')
  const link = heading && followedLink()
  const target = link ?? heading ?? main
  if (!target) return
  const announce = arrival
  if (link) link.focus()
  else if (target !== document.activeElement) focusPlace(target)
  // Without its heading, the page is still loading.
  arrival = heading ? null : announce
  if (link) announce?.(heading.textContent)
}

/** Long enough for a dialog, a menu or a step to move the focus itself. */
const graceMs = 50

/**
 * Whether nothing has the focus because the focused element was removed. If that element is still there, the
 * user may have clicked an empty part of the page.
 */
function isLost(): boolean {
  return document.activeElement === document.body && trail[0]?.isConnected === false
}

function restore(): void {
  if (!isLost()) return
  for (const part of trail) {
    const place = part.isConnected && placeIn(part)
    if (!place) continue
    focusPlace(place)
    return
  }
}

/** Where focus goes within a part: its heading, or the part itself if it is made to take the focus. */
function placeIn(part: Element): HTMLElement | undefined {
  const own = part instanceof HTMLElement && part.matches('[tabindex="-1"]:not(main)')
  return own ? part : firstDrawn(part, 'h1, h2, h3')
}

function onFocusIn({ target }: FocusEvent): void {
  // A user who moves the focus before the page is complete stays there.
  arrival = null
  trail = []
  for (let part = target instanceof Element ? target : null; part; part = part.parentElement) trail.push(part)
}

function onFocusOut({ relatedTarget }: FocusEvent): void {
  if (relatedTarget) return
  setTimeout(() => {
    const [last] = trail
    const left = document.activeElement === document.body && last?.isConnected && isDrawn(last)
    if (left) trail = []
  })
}

function firstDrawn(part: ParentNode, selector: string): HTMLElement | undefined {
  return [...part.querySelectorAll<HTMLElement>(selector)].find(isDrawn)
}

function isDrawn(element: Element): boolean {
  return element.getClientRects().length > 0
}

/**
 * A link by its URL and its position among the links to it, stored with the history entry it was followed
 * from.
 */
interface Followed {
  href: string
  nth: number
}

function onClick(event: MouseEvent): void {
  const link = event.target instanceof Element && event.target.closest<HTMLAnchorElement>('a[href]')
  const elsewhere = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey
  if (!link || elsewhere || link.target || link.origin !== window.location.origin) return
  const { pathname, hash } = link
  if (pathname !== window.location.pathname) {
    const followed: Followed = { href: link.href, nth: linksTo(link.href).indexOf(link) }
    window.history.replaceState({ ...window.history.state, followed }, '')
  } else if (hash) {
    // No history entry for a place within the page: the router could not return to it.
    event.preventDefault()
    document.getElementById(hash.slice(1))?.focus()
  }
}

/**
 * Only an entry that was left by a link and returned to has one: the router starts each new entry with its
 * own state.
 */
function followedLink(): HTMLAnchorElement | undefined {
  const followed: Followed | undefined = window.history.state?.followed
  return followed && linksTo(followed.href)[followed.nth]
}

function linksTo(href: string): HTMLAnchorElement[] {
  return [...document.links].filter(
    (link): link is HTMLAnchorElement =>
      link instanceof HTMLAnchorElement && link.href === href && isDrawn(link),
  )
}
