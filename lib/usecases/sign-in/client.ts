/** What is known of a browser before anybody has signed in with it. */
export interface Client {
  /** An IP address, or `unknown`: attempts are limited by it, which the audit's `origin` is not made for. */
  address: string
  userAgent: string
  /** The session token that its cookie holds, whatever that is worth. */
  token: string | undefined
}
