import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beginShutdown, workUnderWay as work } from '@/lib/shutdown'

const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const
// One stop can arrive as several signals (terminal, npm, supervisor); later ones count as a second request.
const repeatedWithinMs = 2_000
// A client that sends half a request, or reads nothing, could otherwise hold the end for as long as it likes.
const answerWithinMs = 2_000
const closeWithinMs = 5_000

interface Ending {
  /** The console's own: the emulator of this process is another server. */
  port: number
  /** How long work under way may take to finish. */
  graceMs: number
  /** Called once nothing is under way: saves what the database was not there for. @returns whether nothing is lost */
  save(): Promise<boolean>
  /** Undefined until there is something to close. */
  close(): (() => Promise<void>) | undefined
}

/**
 * A first signal ends the process in order: no new connections, what is under way is finished and answered, then `close`,
 * then exit code 0. A later signal ends it at once. Takes the place of Next's own handlers, which know of connections
 * only: they would end a call whose client has left, and leave database and emulator open.
 */
export function shutDownOnSignal({ port, graceMs, save, close }: Ending): void {
  const open = new Map<ServerResponse, Promise<unknown>>()
  let server: Server | undefined
  let since: number | undefined

  subscribe('http.server.request.start', (message) => {
    const started = message as { request: IncomingMessage; response: ServerResponse; server: Server }
    const { request, response } = started
    if (request.socket.localPort !== port) return
    server = started.server
    const closed = new Promise((resolve) => response.once('close', resolve))
    open.set(
      response,
      closed.then(() => open.delete(response)),
    )
    if (since !== undefined) closeAfter(response)
  })

  async function end(number: number): Promise<never> {
    const closing = close()
    if (!closing) exit(128 + number)
    beginShutdown()
    server?.close()
    for (const response of open.keys()) closeAfter(response)
    if (work.size > 0) say(`Finishing what is under way, at most ${Math.ceil(graceMs / 1000)} s…`)
    await within(graceMs, allAnswered())
    const finished = work.size === 0
    if (!finished)
      complain('Ended before everything under way was finished: a change among it will read as unknown.')
    server?.closeAllConnections()
    const saved = await save().catch(() => false)
    const closed = await within(closeWithinMs, closing())
    if (!closed) complain('Ended without closing the database and the sandbox in order.')
    exit(finished && saved && closed ? 0 : 1)
  }

  /** A request that is still being read may start more work. */
  async function allAnswered(): Promise<void> {
    do {
      await Promise.all(work)
      await within(answerWithinMs, Promise.all(open.values()))
    } while (work.size > 0)
  }

  for (const [signal, number] of Object.entries(signals)) {
    process.removeAllListeners(signal)
    process.on(signal, () => {
      if (since === undefined) {
        since = performance.now()
        void end(number)
      } else if (performance.now() - since > repeatedWithinMs) exit(128 + number)
    })
  }
}

/**
 * `process.exit` that comes to an end: Node joins V8's background compilers without serving the garbage collection one of
 * them may wait for, which hangs forever (https://github.com/nodejs/node/issues/54918). A collection beforehand serves
 * it, and leaves the others room enough to finish.
 */
export function exit(code: number): never {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc()')
  process.exit(code)
}

/** Otherwise a browser that polls would keep the connection, and with it the process, for ever. */
function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close')
}

/** Whether a promise kept its time; one that failed did not. */
function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  const kept = promise.then(
    () => true,
    () => false,
  )
  return Promise.race([kept, sleep(ms, false)])
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`)
}
