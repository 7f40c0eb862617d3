/**
 * Every failure the console names, with the HTTP status of its response. The messages are in `errors` of each
 * language in `lib/i18n/messages`: `cause` and `next`, one pair per code.
 */
export const errorStatus = {
  'input.invalid': 400,
  'input.not_json': 415,
  'input.too_large': 413,
  'origin.foreign': 403,
  'origin.missing': 403,
  'authority.missing': 403,
  'page.not_found': 404,
  internal: 500,
  'storage.unavailable': 503,
  'storage.outcome_unsaved': 503,
  'storage.full': 507,

  'signin.required': 401,
  'signin.ended': 401,
  'signin.key_unknown': 401,
  'signin.key_inactive': 401,
  'signin.secret_wrong': 401,
  'signin.token_refused': 401,
  'signin.root_refused': 403,
  'signin.not_management_account': 403,
  'signin.role_refused': 403,
  'signin.role_missing': 404,
  'signin.role_of_other_account': 403,
  'signin.account_not_allowed': 403,
  'signin.busy': 429,
  'signin.sandbox_keys_only': 400,
  'signin.too_many_failures': 429,

  'cloud.refused': 409,
  'cloud.permission': 403,
  'cloud.busy': 503,
  'cloud.other_change_running': 503,
  'cloud.not_sent': 503,
  'cloud.unavailable': 503,
  'cloud.silent': 504,
  'cloud.unreachable': 502,
  'cloud.not_understood': 502,
  'cloud.clock_wrong': 502,
  'cloud.call_malformed': 502,
  'cloud.received_twice': 502,
  'cloud.risk_control': 403,

  'directory.none': 404,
  'directory.not_managed': 404,
  'directory.exists': 409,
  'directory.member_elsewhere': 409,
  'sync.stopped': 503,
  'folder.not_found': 404,
  'member.not_found': 404,
  'member.not_in_directory': 409,
  'member.deletion_check_running': 503,
  'member.being_deleted': 409,
  'member.type_or_status_unfit': 409,
  'member.is_cloud_account': 409,
  'member.has_own_directory': 409,
  'account.enterprise_name_missing': 409,
  'account.enterprise_unverified': 409,
  'account.unverified': 409,
  'account.phone_missing': 409,
  'account.security_info_missing': 409,
  'account.type_unfit': 409,
  'caller.must_be_management_user': 409,
  'site.not_offered': 400,
  'enable.name_invalid': 409,
  'enable.name_taken': 409,
  'enable.confirmation_wrong': 400,

  'region.unknown': 404,
  'network.not_found': 404,
  'network.not_ready': 409,
  'network.unfit': 409,
  'network.attached': 409,
  'network.changed': 409,
  'cen.owner_wrong': 409,
  'cen.not_found': 409,

  'phone.invalid': 400,
  'phone.country_not_allowed': 409,
  'phone.refused': 409,
  'phone.already_bound': 409,

  'send.in_progress': 409,
  'send.cooling_down': 409,
  'send.other_first': 409,
  'send.outcome_unknown': 409,
  'send.day_limit': 409,
  'code.incorrect': 409,
  'code.wrong_or_expired': 409,
  'code.expired': 409,
  'code.no_attempts_left': 409,
  'code.attempts_used_upstream': 409,
  'code.request_closed': 409,
  'request.newer_version': 409,
  'check.in_progress': 409,
  'apply.in_progress': 409,
  'apply.outcome_unknown': 409,

  'sandbox.refused': 400,
  'sandbox.unavailable': 502,
} as const satisfies Record<string, number>

export type ErrorCode = keyof typeof errorStatus

/** Temporary refusals: this call did nothing, and the same call may succeed a little later. */
export const laterCodes = [
  'cloud.busy',
  'cloud.other_change_running',
  'member.deletion_check_running',
] as const satisfies ErrorCode[]
export type LaterCode = (typeof laterCodes)[number]

/**
 * Why a page cannot reach its console: reported by the page itself, never in a response. The messages are in
 * the same place.
 */
export const pageErrors = [
  'console.offline',
  'console.no_answer',
  'console.unrecognized_answer',
  'console.unreachable',
  'console.part_missing',
  'signin.cookies_refused',
] as const
export type PageErrorCode = (typeof pageErrors)[number]

/** What Alibaba Cloud answered: shown below the message, so that a person can quote it to its support. */
export interface Upstream {
  product: string
  operation: string
  code?: string
  /** The vendor's own text, only if we have no message of our own for the code. */
  message?: string
  requestId?: string
}

/** Values for the message; never an unmasked phone number, a code or a key. */
export type ErrorParams = Record<string, string | number>

/** The JSON form of a failure, as every route returns it. */
export interface ErrorBody {
  code: ErrorCode
  params?: ErrorParams
  /** Field name → key of `fieldErrors` in the message catalog. */
  fields?: Record<string, string>
  upstream?: Upstream
  requestId?: string
  /** The step that made the call has nothing left to do: this error is to be shown on the next one. */
  closes?: boolean
}

/** A failure as a page shows it. */
export interface ShownError extends Omit<ErrorBody, 'code'> {
  code: ErrorCode | PageErrorCode
}

export interface ErrorDetails {
  params?: ErrorParams
  fields?: Record<string, string>
  upstream?: Upstream
}

/** The only error thrown on purpose: a code and its parameters, no text. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly params: ErrorParams | undefined
  readonly fields: Record<string, string> | undefined
  readonly upstream: Upstream | undefined
  /** See `ErrorBody`; set by the use case that was refused. */
  closes = false

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(code, options)
    this.name = 'AppError'
    this.code = code
    this.params = details.params
    this.fields = details.fields
    this.upstream = details.upstream
  }

  // By shape: the server's start-up code and its routes are bundled separately, so each has its own copy of
  // this class.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return (
      value instanceof Error && 'code' in value && typeof value.code === 'string' && value.code in errorStatus
    )
  }
}
