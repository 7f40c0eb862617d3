import type { ErrorCode } from '@/lib/contract/errors'
import type { CodeOperation } from '@/lib/db'

/** What differs between the operations that use codes; everything else is the same for all. */
export interface Policy {
  /** Whether requests of different targets may share a code: see `scopeOf`. */
  sharesCodes: boolean
  /**
   * For an operation with variants: the intent field that names the variant, and the variants this version
   * knows.
   */
  kinds: { fact: string; known: readonly string[] } | null
  /** Error for anything started after the operation has taken effect. */
  applied: ErrorCode
  /** Error codes that end the request: no other verification code could succeed either. */
  terminal: ReadonlySet<ErrorCode>
  /**
   * Error codes about the target's current state, whether or not a verification code was used: the step that
   * made the call has nothing left to do.
   */
  unfit: ReadonlySet<ErrorCode>
  /**
   * How long after the call Alibaba Cloud may still show the previous state. At least the in-flight timeout
   * applies.
   */
  shownAfterSeconds: number
}

const policies: Record<CodeOperation, Policy> = {
  bind_phone: {
    sharesCodes: false,
    kinds: null,
    applied: 'phone.already_bound',
    terminal: new Set([
      'phone.already_bound',
      'member.is_cloud_account',
      'member.type_or_status_unfit',
      'member.not_in_directory',
      'member.has_own_directory',
      'site.not_offered',
    ]),
    unfit: new Set(['member.not_found']),
    shownAfterSeconds: 0,
  },
  enable_directory: {
    sharesCodes: false,
    kinds: { fact: 'mode', known: ['current', 'new'] },
    applied: 'directory.exists',
    terminal: new Set([
      'directory.exists',
      'directory.member_elsewhere',
      'account.type_unfit',
      'site.not_offered',
    ]),
    unfit: new Set(['directory.exists', 'directory.member_elsewhere']),
    shownAfterSeconds: 0,
  },
  join_network: {
    sharesCodes: true,
    kinds: { fact: 'act', known: ['attach', 'detach'] },
    applied: 'network.attached',
    // The CEN or its owner must be entered again.
    terminal: new Set(['cen.owner_wrong', 'cen.not_found']),
    unfit: new Set(['network.attached', 'network.not_ready', 'network.unfit', 'network.not_found']),
    shownAfterSeconds: 600,
  },
}

export function policyOf(operation: CodeOperation): Policy {
  return policies[operation]
}

/**
 * Whether a refusal leaves its step nothing to do; the error is then shown on the next step.
 * @param requiresCode whether the call used a code
 */
export function closesStep(operation: CodeOperation, code: ErrorCode, requiresCode: boolean): boolean {
  const { terminal, unfit } = policyOf(operation)
  return unfit.has(code) || (requiresCode && (terminal.has(code) || code === 'code.request_closed'))
}
