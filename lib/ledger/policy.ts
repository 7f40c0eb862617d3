import type { ErrorCode } from '@/lib/contract/errors'
import type { CodeOperation } from '@/lib/db'

/** What differs between the operations that use codes; all else is the same for them. */
export interface Policy {
  /** Whether requests of different targets may share a code: see `scopeOf`. */
  sharesCodes: boolean
  /** Where an act has kinds: the fact of the intent that names the kind, and the kinds that this version knows. */
  kinds: { fact: string; known: readonly string[] } | null
  /** Why nothing more begins once the act took effect. */
  applied: ErrorCode
  /** Refusals of an act after which no other code could succeed either: they end the request. */
  terminal: ReadonlySet<ErrorCode>
  /** Refusals for what the target is by now, whatever the code is worth: the step that asked has nothing to do any more. */
  unfit: ReadonlySet<ErrorCode>
  /** How long after an act Alibaba Cloud may still show the state of before; never less than the in-flight timeout. */
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
    // The CEN or its owner is to be entered anew.
    terminal: new Set(['cen.owner_wrong', 'cen.not_found']),
    unfit: new Set(['network.attached', 'network.not_ready', 'network.unfit', 'network.not_found']),
    shownAfterSeconds: 600,
  },
}

export function policyOf(operation: CodeOperation): Policy {
  return policies[operation]
}

/**
 * Whether a refusal of an act leaves its step nothing to do: what refused it is shown on the step that follows.
 * @param coded whether the act used a code
 */
export function closesStep(operation: CodeOperation, code: ErrorCode, requiresCode: boolean): boolean {
  const { terminal, unfit } = policyOf(operation)
  return unfit.has(code) || (requiresCode && (terminal.has(code) || code === 'code.request_closed'))
}
