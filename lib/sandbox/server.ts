import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, createApi } from './api.ts'
import type { WireRequest } from './authenticate.ts'
import { control } from './control.ts'
import { buildWorld } from './seed/build.ts'
import { type Assumptions, defaultAssumptions, SandboxState } from './state.ts'
import { keepInFile } from './state-file.ts'

export interface SandboxOptions {
  /** 0 picks a free port. */
  port: number
  /** Keeps the state over restarts. Without a file it is in memory only. */
  stateFile?: string
  /** Generates members until each directory has this many. */
  membersPerDirectory?: number
  /** False turns off the flow limits, for benchmarks. */
  limits?: boolean
  assumptions?: Partial<Assumptions>
  /** Delays every answer of the emulated cloud, to simulate network latency. */
  replyDelayMs?: number
}

export interface Sandbox {
  /** `http://127.0.0.1:<port>` */
  url: string
  port: number
  /** How far the emulated clock is ahead of real time. */
  clockOffsetSeconds(): number
  /** Closes every connection and saves the state. */
  close(): Promise<void>
}

const bodyBytesMax = 4 * 1024 * 1024
// An OIDC token of up to 20,000 characters may be in the URL; Node's default limit is 16 KiB.
const headerBytesMax = 64 * 1024

/**
 * Starts the emulator on 127.0.0.1.
 * @throws if the port is in use or the state file cannot be read
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const state = new SandboxState(() => buildWorld(options.membersPerDirectory))
  const file = options.stateFile === undefined ? undefined : keepInFile(state, options.stateFile)
  const api = createApi(state, {
    assumptions: { ...defaultAssumptions, ...options.assumptions },
    limits: options.limits ?? true,
  })
  const closing = new AbortController()
  let port = options.port

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refuseWebPages(request, port)
    if (refused !== undefined) return sendJson(response, 403, controlError('NotForWebPages', refused))
    const body = await readBody(request)
    if (!body) {
      response.setHeader('connection', 'close')
      return sendJson(response, 413, controlError('TooLarge', `At most ${bodyBytesMax} bytes.`))
    }
    const wire = readWire(request, body)
    if (wire.path === '/_sandbox' || wire.path.startsWith('/_sandbox/')) {
      const reply = control(state, {
        method: wire.method,
        path: wire.path.slice('/_sandbox/'.length),
        query: new URLSearchParams(wire.query.map(([name, value]) => [name, value])),
        contentType: wire.headers['content-type'] ?? '',
        body,
      })
      return sendJson(response, reply.status, reply.body)
    }
    const answer = api.answer(wire)
    const delayMs = (options.replyDelayMs ?? 0) + (answer.kind === 'json' ? answer.delayMs : 0)
    if (delayMs > 0) await sleep(delayMs, undefined, { signal: closing.signal })
    send(response, answer)
  }

  const server = createServer(
    { maxHeaderSize: headerBytesMax, keepAliveTimeout: 30_000 },
    (request, response) => {
      serve(request, response).catch((error: unknown) => {
        // Not errors: a client that disconnected, and closing the emulator.
        if (!request.destroyed && !closing.signal.aborted) {
          process.emitWarning(error instanceof Error ? error : String(error))
        }
        response.destroy()
      })
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  port = (server.address() as AddressInfo).port

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    clockOffsetSeconds: () => state.clockOffsetMs / 1000,
    async close() {
      closing.abort()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      file?.flush()
    },
  }
}

/**
 * Web pages must not reach the emulator. Browsers mark the requests of pages with Origin or Sec-Fetch-Site, and Host
 * reveals DNS rebinding.
 */
function refuseWebPages({ headers }: IncomingMessage, port: number): string | undefined {
  if (headers.origin !== undefined) return 'Requests with an Origin are refused.'
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'none') return 'Requests from web pages are refused.'
  const names = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]
  return names.includes(headers.host ?? '') ? undefined : 'Host must be a loopback name with the port.'
}

/** Undefined if the body is too large. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > bodyBytesMax) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function readWire(request: IncomingMessage, body: Buffer): WireRequest {
  const url = request.url ?? '/'
  const cut = url.indexOf('?')
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  return {
    method: request.method ?? 'GET',
    path: cut < 0 ? url : url.slice(0, cut),
    headers,
    query: cut < 0 ? [] : [...new URLSearchParams(url.slice(cut + 1))],
    form: isForm ? [...new URLSearchParams(body.toString())] : [],
    body,
  }
}

const badGatewayPage =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n'

function send(response: ServerResponse, answer: Answer): void {
  switch (answer.kind) {
    case 'json':
      sendJson(response, answer.status, answer.body)
      return
    case 'html502':
      response.writeHead(502, { 'content-type': 'text/html' }).end(badGatewayPage)
      return
    case 'empty':
      response.writeHead(200, { 'content-length': '0' }).end()
      return
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'silent':
      // The connection stays open until the client times out or the emulator is closed.
      return
  }
}

function controlError(code: string, message: string): unknown {
  return { error: { code, message } }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json;charset=utf-8', 'cache-control': 'no-store' })
    .end(JSON.stringify(body))
}
