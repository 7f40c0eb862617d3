import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { onTestFinished } from 'vitest'
import { CloudError } from './failure'
import { type Cloud, type CloudOptions, createCloud, type Pacer } from './index'

export const credentials = {
  accessKeyId: 'STS.wire-test',
  accessKeySecret: 'secret-that-must-not-leak',
  securityToken: 'token-that-must-not-leak',
}
export const phone = '65-91234567'
const code = '004217'
export const memberId = '1234567890123456'

/** Must not appear in any error, in any form. */
const secrets = [credentials.accessKeySecret, credentials.securityToken, phone, '91234567', code]

/** A pacer without waiting, which records its calls. */
export function openPacer() {
  const asked: Array<{ key: string; perSecond: number; maxWaitMs: number; stalledMaxMs: number }> = []
  const pushedBack: Array<{ key: string; seconds: number }> = []
  const pacer: Pacer = {
    pace: async (key, perSecond, maxWaitMs, stalledMaxMs) => {
      asked.push({ key, perSecond, maxWaitMs, stalledMaxMs })
      return 'go'
    },
    pushBack: async (key, seconds) => void pushedBack.push({ key, seconds }),
  }
  return { pacer, asked, pushedBack }
}

type Options = Partial<Omit<CloudOptions, 'endpoints'>>

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** A server with this handler and a client for it. `received` and `queries` record the requests. */
export async function wire(handler: Handler, options: Options = {}) {
  const received: string[] = []
  const queries: Record<string, string>[] = []
  const server = createServer((request, response) => {
    received.push(String(request.headers['x-acs-action']))
    const { searchParams } = new URL(request.url ?? '', 'http://localhost')
    queries.push(Object.fromEntries(searchParams))
    handler(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => closeServer(server))
  const { port } = server.address() as AddressInfo
  return { ...clientOf(`127.0.0.1:${port}`, options), received, queries, server }
}

export function clientOf(host: string, options: Options = {}) {
  const cloudFor = createCloud({
    endpoints: { kind: 'sandbox', host },
    deadlineMs: options.deadlineMs ?? 3000,
    pacer: options.pacer ?? openPacer().pacer,
    maxWaitMs: options.maxWaitMs,
    stalledMaxMs: options.stalledMaxMs,
    mayBegin: options.mayBegin,
  })
  return { cloudFor, cloud: cloudFor({ credentials, site: 'international', accountId: '1000000000000001' }) }
}

export function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

export function answer(status: number, body: unknown): Handler {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
}

/** The failure of a call, which must be a `CloudError` without any secret. */
export async function failureOf(promise: Promise<unknown>): Promise<CloudError> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if (!('error' in outcome)) throw new Error(`it did not fail: ${inspect(outcome.value)}`)
  if (!(outcome.error instanceof CloudError)) throw outcome.error
  const everything = inspect(outcome.error, { depth: Number.POSITIVE_INFINITY, showHidden: true })
  for (const secret of secrets) {
    if (everything.includes(secret)) throw new Error(`the error holds ${secret}: ${everything}`)
  }
  return outcome.error
}

export const bind = (cloud: Cloud) => cloud.bindPhone({ memberId, phone, code })
