import { randomBytes } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

// The server's start-up code and its routes are bundled separately, so module variables are not shared; globals are.
const holder: typeof globalThis & { musterAddressHeader?: string } = globalThis
holder.musterAddressHeader ??= `x-muster-client-address-${randomBytes(16).toString('hex')}`

/** Carries the client's address inside the process, under a random name that no client can know. */
export const addressHeader = holder.musterAddressHeader

/**
 * Records each request's client address when Node emits the request: Next passes a forged X-Forwarded-For through and
 * hides the socket from routes.
 */
export function stampClientAddresses(trustedProxies: number): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage }
    request.headers[addressHeader] = clientAddress(request, trustedProxies)
  })
}

/**
 * The socket's address or, with trusted proxies, the address seen by the outermost one. If that is not an IP address, the
 * next closer hop that is one: a client must not be able to invent addresses.
 */
export function clientAddress(
  request: Pick<IncomingMessage, 'headers' | 'socket'>,
  trustedProxies: number,
): string {
  const socket = addressIn(request.socket.remoteAddress ?? '') ?? 'unknown'
  if (trustedProxies === 0) return socket
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',')
  const hops = forwarded
    .split(',')
    .map((hop) => hop.trim())
    .filter(Boolean)
  for (const hop of hops.slice(-trustedProxies)) {
    const address = addressIn(hop)
    if (address) return address
  }
  return socket
}

/** The normalized address in `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:443`. */
function addressIn(hop: string): string | undefined {
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop
  // A zone names an interface of this machine and says nothing about the client.
  const address = bare.replace(/%.*$/, '')
  const version = isIP(address)
  if (version === 0) return undefined
  if (version === 4) return address
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(canonical)
  if (!mapped) return canonical
  const halves = mapped.slice(1).map((half) => Number.parseInt(half, 16))
  return halves.flatMap((half) => [half >> 8, half & 255]).join('.')
}
