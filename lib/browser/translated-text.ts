/** The `<font>` element that a translation put in place of a text node. */
const standIns = new WeakMap<Text, Element>()

/**
 * Prevents conflicts between React and a browser's page translation (https://github.com/facebook/react/issues/11538).
 * A translation replaces each text node with `<font>` elements, but React keeps a reference to its text node. Removing
 * that node, or inserting before it, would throw and crash the page; changing it would have no visible effect. So
 * removals and insertions are redirected to the replacement, and a text node that React changes is put back, where the
 * translation finds it again.
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
        // React only moved this one; the translation did not replace it.
        if (!(text instanceof Text) || (text.isConnected && !standIn.contains(text))) continue
        standIns.set(text, standIn)
        // Outside the page, the document's observer does not see it.
        watcher.observe(text, { characterData: true })
      }
    }
  }

  /** The node on the page for a child that React expects there; null if there is none. */
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
