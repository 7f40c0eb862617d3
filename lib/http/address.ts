import { randomBytes } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

// The server's start-up code and its routes are bundled apart: module variables are not shared, this is.
const holder: typeof globalThis & { musterAddressHeader?: string } = globalThis
holder.musterAddressHeader ??= `x-muster-client-address-${randomBytes(16).toString('hex')}`

/** Carries the client's address inside the process, under a name of this process that no client can know. */
export const addressHeader = holder.musterAddressHeader

/**
 * Takes each request's address where Node hands out the socket: Next passes a forged X-Forwarded-For
 * through and hides the socket from routes.
 */
export function stampClientAddresses(trustedProxies: number): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage }
    request.headers[addressHeader] = clientAddress(request, trustedProxies)
  })
}

/** The socket's address, or what the outermost trusted proxy saw when proxies may speak for the client. */
export function clientAddress(
  request: Pick<IncomingMessage, 'headers' | 'socket'>,
  trustedProxies: number,
): string {
  const socket = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? 'unknown'
  if (trustedProxies === 0) return socket
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',')
  const hops = [
    ...forwarded
      .split(',')
      .map((hop) => hop.trim())
      .filter(Boolean),
    socket,
  ]
  return hops.at(-1 - trustedProxies) ?? hops[0] ?? socket
}
