/** The shortest circle through each edge of a graph, as `a → b → a`, beginning with the first of its names. */
export function circlesOf(graph: Map<string, string[]>): string[] {
  const circles = new Set<string>()
  for (const [from, targets] of graph) {
    for (const to of targets) {
      const way = wayBetween(graph, to, from)
      if (way) circles.add(fromFirst(way).join(' → '))
    }
  }
  return [...circles].sort()
}

/** The files from one to another, both included. */
function wayBetween(graph: Map<string, string[]>, start: string, end: string): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[start, undefined]])
  for (const file of cameFrom.keys()) {
    if (file === end) {
      const way = [file]
      for (let before = cameFrom.get(file); before; before = cameFrom.get(before)) way.unshift(before)
      return way
    }
    for (const next of graph.get(file) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, file)
  }
  return undefined
}

function fromFirst(circle: string[]): string[] {
  const first = circle.indexOf(circle.toSorted()[0] ?? '')
  const turned = [...circle.slice(first), ...circle.slice(0, first)]
  return [...turned, ...turned.slice(0, 1)]
}
