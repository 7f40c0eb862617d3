import { fileOf, importsOf } from './testing'

/** For each file, the files of the repository it imports. */
export function importsAmong(files: string[]): Map<string, string[]> {
  return new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .filter(({ ours }) => ours)
        .map(fileOf),
    ]),
  )
}

/** The shortest cycle through each edge of a graph, as `a → b → a`, starting with its alphabetically first file. */
export function cyclesOf(graph: Map<string, string[]>): string[] {
  const cycles = new Set<string>()
  for (const [from, targets] of graph) {
    for (const to of targets) {
      const path = pathBetween(graph, to, from)
      if (path) cycles.add(fromFirst(path).join(' → '))
    }
  }
  return [...cycles].sort()
}

/** The shortest path from one file to another, inclusive. */
export function pathBetween(graph: Map<string, string[]>, start: string, end: string): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[start, undefined]])
  for (const file of cameFrom.keys()) {
    if (file === end) {
      const path = [file]
      for (let before = cameFrom.get(file); before; before = cameFrom.get(before)) path.unshift(before)
      return path
    }
    for (const next of graph.get(file) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, file)
  }
  return undefined
}

function fromFirst(cycle: string[]): string[] {
  const first = cycle.indexOf(cycle.toSorted()[0] ?? '')
  const rotated = [...cycle.slice(first), ...cycle.slice(0, first)]
  return [...rotated, ...rotated.slice(0, 1)]
}
