import type { AppConfig } from 'next-intl'
import { getMessages } from 'next-intl/server'

export type Namespace = keyof AppConfig['Messages']

/** The messages of these namespaces, which a layout or page sends to the browser. All others stay on the server. */
export async function clientMessages(namespaces: readonly Namespace[]) {
  const all = await getMessages()
  return Object.fromEntries(namespaces.map((name) => [name, all[name]]))
}
