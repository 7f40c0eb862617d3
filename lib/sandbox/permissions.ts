import type { Policy } from './model.ts'
import { refusal, type WireError } from './wire-errors.ts'

/** Who signed a call, and what they may do. */
export interface Caller {
  keyId: string
  accountId: string
  kind: 'root' | 'user' | 'role'
  /** RAM user name, `role/session`, or `root`. */
  name: string
  /** The caller's ARN, as used in trust policies. */
  arn: string
  /** The principal ID that GetCallerIdentity returns: account ID, user ID, or `<role ID>:<session>`. */
  principalId: string
  policies: readonly Policy[]
  sessionPolicy?: Policy
}

type Decision = 'Allow' | 'ImplicitDeny' | 'ExplicitDeny'

export function allow(...actions: string[]): Policy {
  return { statements: [{ effect: 'Allow', actions, resources: ['*'] }] }
}

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`).test(text)
}

function decide(policies: readonly Policy[], action: string, resource: string): Decision {
  const hits = policies
    .flatMap((policy) => policy.statements)
    .filter(
      (statement) =>
        statement.actions.some((pattern) => matches(pattern, action)) &&
        statement.resources.some((pattern) => matches(pattern, resource)),
    )
  if (hits.some((statement) => statement.effect === 'Deny')) return 'ExplicitDeny'
  return hits.length > 0 ? 'Allow' : 'ImplicitDeny'
}

/**
 * Evaluates the identity policies, then the session policy, which can only restrict them. The root user may do
 * everything.
 * @throws the vendor's NoPermission unless the caller may do `action`
 */
export function authorize(caller: Caller, action: string, resource: string): void {
  if (caller.kind === 'root') return
  const byIdentity = decide(caller.policies, action, resource)
  if (byIdentity !== 'Allow') throw denied(caller, action, byIdentity, 'AccountLevelIdentityBasedPolicy')
  if (!caller.sessionPolicy) return
  const bySession = decide([caller.sessionPolicy], action, resource)
  if (bySession !== 'Allow') throw denied(caller, action, bySession, 'SessionPolicy')
}

/** The 403 error with AccessDeniedDetail, which names the missing permission. */
export function denied(
  caller: Caller,
  action: string,
  decision: Exclude<Decision, 'Allow'>,
  policyType: 'AccountLevelIdentityBasedPolicy' | 'SessionPolicy' | 'AssumeRolePolicy',
  message?: string,
): WireError {
  const principal =
    caller.kind === 'role'
      ? { AuthPrincipalType: 'AssumedRoleUser', AuthPrincipalDisplayName: caller.name.replace('/', ':') }
      : { AuthPrincipalType: 'SubUser', AuthPrincipalDisplayName: caller.principalId }
  return refusal('NoPermission', {
    message,
    extra: {
      AccessDeniedDetail: {
        AuthAction: action,
        ...principal,
        AuthPrincipalOwnerId: caller.accountId,
        NoPermissionType: decision,
        PolicyType: policyType,
        EncodedDiagnosticMessage: Buffer.from(`${action} ${decision} ${policyType}`).toString('base64'),
      },
    },
  })
}

function texts(value: unknown): string[] | undefined {
  const list = Array.isArray(value) ? value : [value]
  return list.length > 0 && list.every((item) => typeof item === 'string' && item !== '') ? list : undefined
}

/**
 * Parses a policy document; undefined if it is invalid. Conditions and NotAction, which the emulator does not evaluate,
 * make it invalid rather than being ignored.
 */
export function parsePolicy(text: string): Policy | undefined {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof document !== 'object' || document === null) return undefined
  const { Version: version, Statement: list } = document as Record<string, unknown>
  if (version !== '1' || !Array.isArray(list) || list.length === 0) return undefined
  const statements = list.map(parseStatement)
  return statements.every((statement) => statement !== undefined) ? { statements } : undefined
}

function parseStatement(value: unknown): Policy['statements'][number] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { Effect: effect, Action, Resource, ...rest } = value as Record<string, unknown>
  const actions = texts(Action)
  const resources = texts(Resource)
  if ((effect !== 'Allow' && effect !== 'Deny') || !actions || !resources) return undefined
  if (Object.keys(rest).length > 0) return undefined
  if (!actions.every((action) => /^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$/.test(action))) return undefined
  return { effect, actions, resources }
}
