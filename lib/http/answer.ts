import { AsyncLocalStorage } from 'node:async_hooks'
import type { ServerResponse } from 'node:http'

// The server's start-up code and its routes are bundled separately, so module variables are not shared; globals are.
const holder: typeof globalThis & { musterAnswer?: AsyncLocalStorage<ServerResponse> } = globalThis
holder.musterAnswer ??= new AsyncLocalStorage()

/** The response of the request being handled. */
export const currentAnswer = holder.musterAnswer

/** Replaces the status 500, which Next sends whatever a page throws. */
export function insteadOf500(status: number): void {
  const response = currentAnswer.getStore()
  if (!response) return
  const { writeHead } = response
  const corrected = (given: number, ...rest: unknown[]) =>
    Reflect.apply(writeHead, response, [given === 500 ? status : given, ...rest])
  response.writeHead = corrected as typeof writeHead
}
