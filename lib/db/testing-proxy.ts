import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** How a server fails: what happens to open connections, and to new ones. */
export interface Outage {
  open: 'close' | 'reset' | 'swallow'
  fresh: 'refuse' | 'reset' | 'swallow'
}

export interface ServerProxy {
  /** The server's URL through the proxy. */
  url: string
  away(outage: Outage): void
  /** Connections whose packets were dropped stay dead, as after a failover. */
  back(): Promise<void>
  close(): void
}

/** A TCP proxy in front of a PostgreSQL server that simulates network failures. */
export async function startProxy(target: string): Promise<ServerProxy> {
  const url = new URL(target)
  const { hostname, port } = url
  const sockets = new Set<Socket>()
  /** Both ends of each open connection: the console's and the server's. */
  const pairs = new Map<Socket, Socket>()
  let fresh: Outage['fresh'] | 'forward' = 'forward'
  let listener = await listen(0)
  const address = listener.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  url.hostname = '127.0.0.1'
  url.port = String(address.port)

  async function listen(at: number): Promise<Server> {
    const server = createServer(accept).listen(at, '127.0.0.1')
    await once(server, 'listening')
    return server
  }

  function accept(client: Socket): void {
    keep(client)
    if (fresh === 'reset') client.resetAndDestroy()
    else if (fresh === 'swallow') client.resume()
    else {
      const server = keep(connect(Number(port), hostname))
      pairs.set(client, server)
      client.pipe(server).pipe(client)
      client.once('close', () => pairs.delete(client) && server.destroy())
      server.once('close', () => pairs.has(client) && client.destroy())
    }
  }

  function keep(socket: Socket): Socket {
    sockets.add(socket.on('error', () => {}).once('close', () => sockets.delete(socket)))
    return socket
  }

  /** Drops all packets without closing, so that neither end notices. */
  function swallow(client: Socket, server: Socket): void {
    pairs.delete(client)
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const)
      from.unpipe(to).resume()
  }

  return {
    url: url.href,
    away(outage) {
      fresh = outage.fresh
      if (fresh === 'refuse') listener.close()
      for (const [client, server] of pairs) {
        if (outage.open === 'swallow') swallow(client, server)
        else if (outage.open === 'reset') client.resetAndDestroy()
        else client.destroy()
      }
    },
    async back() {
      fresh = 'forward'
      if (!listener.listening) listener = await listen(Number(url.port))
    },
    close() {
      listener.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
