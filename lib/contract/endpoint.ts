import type * as z from 'zod/mini'
import './zod-config'

/** One route of the console, described once for the browser (`call`) and the server (`route`). */
export interface Endpoint<
  Input extends z.ZodMiniType = z.ZodMiniType,
  Output extends z.ZodMiniType = z.ZodMiniType,
> {
  method: 'GET' | 'POST' | 'DELETE'
  /** `:name` is filled from the input's field of that name; a GET's other fields go to the query string. */
  path: `/api/${string}`
  input: Input
  output: Output
  /** Called by a timer, not by a person: does not keep the session alive. */
  polling?: boolean
}

export function endpoint<Input extends z.ZodMiniType, Output extends z.ZodMiniType>(
  description: Endpoint<Input, Output>,
): Endpoint<Input, Output> {
  return description
}
