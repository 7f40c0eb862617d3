import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beginShutdown, workUnderWay as work } from '@/lib/shutdown'

const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const
// One request to stop may arrive as several signals (terminal, npm, supervisor). Only a signal after this time counts as a
// second request.
const repeatedWithinMs = 2_000
// Otherwise a client that sends half a request, or does not read, could block the shutdown indefinitely.
const answerWithinMs = 2_000
const closeWithinMs = 5_000

interface Shutdown {
  /** The console's own port: the sandbox in this process is another server. */
  port: number
  /** How long work in progress may take to finish. */
  graceMs: number
  /** Called after all work: saves the outcomes that could not be stored so far. @returns whether nothing is lost */
  save(): Promise<boolean>
  /** Returns undefined until there is something to close. */
  close(): (() => Promise<void>) | undefined
}

/**
 * Graceful shutdown on the first signal: no new connections, work in progress is finished and answered, then `save` and
 * `close`, then exit code 0, or 1 if any of this did not complete. A second request to stop, or one before there is anything
 * to close, exits immediately with 128 plus the signal's number. Replaces Next's own handlers, which only know connections:
 * they would abort a call whose client has disconnected, and leave the database and the sandbox open.
 */
export function shutDownOnSignal({ port, graceMs, save, close }: Shutdown): void {
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
    if (work.size > 0)
      say(`Shutting down: finishing work in progress, at most ${Math.ceil(graceMs / 1000)} s…`)
    await within(graceMs, allAnswered())
    const finished = work.size === 0
    if (!finished)
      complain(
        'Stopped before all work in progress finished: unfinished changes will show an unknown result.',
      )
    server?.closeAllConnections()
    const saved = await save().catch(() => false)
    const closed = await within(closeWithinMs, closing())
    if (!closed) complain('Stopped before the database and the sandbox were closed.')
    exit(finished && saved && closed ? 0 : 1)
  }

  /** Repeats, because a request that is still being read may start more work. */
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
 * `process.exit` that does not hang: Node joins V8's background compilers without serving a garbage collection that one of
 * them may wait for, and then hangs forever (https://github.com/nodejs/node/issues/54918). Collecting garbage first avoids
 * that, and leaves the compilers enough memory to finish.
 */
export function exit(code: number): never {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc()')
  process.exit(code)
}

/** Closes the connection after the response: a polling browser would keep it, and the process with it, alive forever. */
function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close')
}

/** Whether a promise is fulfilled within the time. */
function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  const fulfilled = promise.then(
    () => true,
    () => false,
  )
  return Promise.race([fulfilled, sleep(ms, false)])
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`)
}
