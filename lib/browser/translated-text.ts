/** The `<font>` element that a translation put in the place of a text. */
const standIns = new WeakMap<Text, Element>()

/**
 * Keeps React and a browser's page translation out of each other's way (https://github.com/facebook/react/issues/11538).
 * A translation takes each text out of the page and puts `<font>` elements in its place. React still holds the text it
 * made: removing it, or putting something before it, would throw and take the whole page down, and changing it would
 * change nothing that is seen. So React removes, and puts things before, what stands in for the text; and a text that
 * React changes comes back to its place, where the translation finds it anew.
 */
export function followTranslation(): void {
  const { appendChild, insertBefore, removeChild } = Node.prototype
  const watcher = new MutationObserver(follow)
  watcher.observe(document, { childList: true, subtree: true })

  function follow(records: MutationRecord[]): void {
    for (const { type, target, removedNodes, addedNodes, previousSibling, nextSibling } of records) {
      if (type === 'characterData') {
        if (target instanceof Text) putBack(target)
        continue
      }
      const standIn = [...addedNodes, previousSibling, nextSibling].find(isFont)
      if (!standIn) continue
      for (const text of removedNodes) {
        // One that React has only moved stands for itself.
        if (!(text instanceof Text) || (text.isConnected && !standIn.contains(text))) continue
        standIns.set(text, standIn)
        // Out of the page it is no part of what is watched.
        watcher.observe(text, { characterData: true })
      }
    }
  }

  /** What is on the page of a child that React believes to be there; null where nothing is. */
  function shownIn(parent: Node, child: Node): Node | null {
    if (child.parentNode === parent || !(child instanceof Text)) return child
    follow(watcher.takeRecords())
    const standIn = standIns.get(child)
    return standIn?.parentNode === parent ? standIn : null
  }

  function removeStandIn(child: Node): void {
    if (child instanceof Text && !child.isConnected) standIns.get(child)?.remove()
  }

  Node.prototype.removeChild = function <T extends Node>(child: T): T {
    const shown = shownIn(this, child)
    if (shown) removeChild.call(this, shown)
    return child
  }
  Node.prototype.insertBefore = function <T extends Node>(child: T, before: Node | null): T {
    removeStandIn(child)
    insertBefore.call(this, child, before && shownIn(this, before))
    return child
  }
  Node.prototype.appendChild = function <T extends Node>(child: T): T {
    removeStandIn(child)
    appendChild.call(this, child)
    return child
  }
}

function putBack(text: Text): void {
  const standIn = standIns.get(text)
  if (!standIn?.isConnected || (text.isConnected && !standIn.contains(text))) return
  standIns.delete(text)
  standIn.replaceWith(text)
}

function isFont(node: Node | null): node is Element {
  return node?.nodeName === 'FONT'
}
