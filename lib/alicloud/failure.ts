import { AppError, type ErrorCode, type ErrorDetails } from '@/lib/contract/errors'

/**
 * - `refused`: answered with a code; nothing was done.
 * - `busy`: throttled, or not sent because the pace is used up; nothing was done.
 * - `silent`: no answer that tells the outcome: not connected, timed out, cut off, or a fault on the vendor's side.
 * - `not_understood`: an answer that cannot be read.
 */
export type FailureKind = 'refused' | 'busy' | 'silent' | 'not_understood'

export interface CloudFailure extends ErrorDetails {
  code: ErrorCode
  kind: FailureKind
  executed: 'no' | 'maybe'
  endsSession?: boolean
  retryable?: boolean
  wire?: Wire
}

/** What is kept of an SDK error. Its message holds the whole URL, phone and code included, and never is. */
export interface Wire {
  name?: string
  code?: string
  status?: number
}

export class CloudError extends AppError {
  readonly kind: FailureKind
  /** Whether the operation may have taken effect. Decide by this, not by `kind`, before repeating a change. */
  readonly executed: 'no' | 'maybe'
  /** The credentials are of no more use: expired, revoked or never right. */
  readonly endsSession: boolean
  /** The same call may work a little later. Says nothing about whether repeating is safe: see `executed`. */
  readonly retryable: boolean
  readonly wire: Wire | undefined

  constructor(failure: CloudFailure, options?: ErrorOptions) {
    super(failure.code, failure, options)
    this.name = 'CloudError'
    this.kind = failure.kind
    this.executed = failure.executed
    this.endsSession = failure.endsSession ?? false
    this.retryable = failure.retryable ?? false
    this.wire = failure.wire
  }

  // By shape: the server's start-up code and its routes are bundled apart, so each has its own copy of this
  // class, and a call made through one is caught in the other.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'CloudError' && 'executed' in value
  }
}
