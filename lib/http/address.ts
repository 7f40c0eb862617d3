import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

/** Carries the client's address inside the process; whatever a client sends under this name is overwritten. */
export const addressHeader = 'x-muster-client-address'

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
