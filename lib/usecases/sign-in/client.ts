/** What is known of a browser before anybody has signed in with it. */
export interface Client {
  /** Where the request came from: an IP address, or `unknown`. */
  address: string
  userAgent: string
  /** The session token that its cookie holds, whatever that is worth. */
  token: string | undefined
}
