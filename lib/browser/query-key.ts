import type { RouteName } from '@/lib/contract/routes'

/** Shared by the server, which prefills the first page, and the browser. Without input: all queries of the route. */
export function queryKey(name: RouteName, input?: unknown): readonly unknown[] {
  return input === undefined ? [name] : [name, input]
}
