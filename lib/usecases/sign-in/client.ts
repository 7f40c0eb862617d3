/** What is known about a browser before sign-in. */
export interface Client {
  /** An IP address, or `unknown`. Limits sign-in attempts; the actor's `origin` is only for the audit. */
  address: string
  userAgent: string
  /** The session token from its cookie, valid or not. */
  token: string | undefined
}
