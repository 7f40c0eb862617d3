import type { AppConfig } from 'next-intl'
import { getMessages } from 'next-intl/server'

export type Namespace = keyof AppConfig['Messages']

/** The namespaces that a layout or page hands to the browser; the rest stays on the server. */
export async function clientMessages(namespaces: readonly Namespace[]) {
  const all = await getMessages()
  return Object.fromEntries(namespaces.map((name) => [name, all[name]]))
}
