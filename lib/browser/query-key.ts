import type { RouteName } from '@/lib/contract/routes'

/** The same on the server, which fills the first page, and in the browser. Without an input: all answers of a route. */
export function queryKey(name: RouteName, input?: unknown): readonly unknown[] {
  return input === undefined ? [name] : [name, input]
}
