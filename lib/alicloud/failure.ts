import { AppError, type ErrorCode, type ErrorDetails } from '@/lib/contract/errors'

/**
 * - `refused`: rejected with an error code, or by this console before sending; nothing was executed.
 * - `busy`: throttled, or not sent because a limit is reached; nothing was executed.
 * - `silent`: no response that shows the outcome: not connected, timed out, cut off, or a vendor fault.
 * - `not_understood`: a response that cannot be read.
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

/** What is kept of an SDK error. Never its message, which contains the whole URL including phone and code. */
export interface Wire {
  name?: string
  code?: string
  status?: number
}

export class CloudError extends AppError {
  readonly kind: FailureKind
  /** Whether the operation may have taken effect. Check this, not `kind`, before repeating a change. */
  readonly executed: 'no' | 'maybe'
  /** The credentials are not valid: expired, revoked or wrong. */
  readonly endsSession: boolean
  /** The same call may succeed a little later. Whether repeating it is safe depends on `executed`. */
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

  // By shape: the server's start-up code and its routes are bundled separately, so each has its own copy of this
  // class, and an error thrown in one is caught in the other.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'CloudError' && 'executed' in value
  }
}
