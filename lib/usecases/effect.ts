/** What a use case did to the caller's own session, for the code that holds the session token. */
export type Effect = { kind: 'startSession'; token: string; maxAgeSeconds: number } | { kind: 'endSession' }

/** The result of a use case. */
export interface Done<T> {
  output: T
  effect: Effect | null
}

/** An output together with an effect. */
export class WithEffect<T> {
  readonly output: T
  readonly effect: Effect

  constructor(output: T, effect: Effect) {
    this.output = output
    this.effect = effect
  }
}

export function doneOf<T>(result: T | WithEffect<T>): Done<T> {
  return result instanceof WithEffect ? result : { output: result, effect: null }
}
