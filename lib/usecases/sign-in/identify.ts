import { type Cloud, CloudError, type Directory, type Identity, operatorPolicy } from '@/lib/alicloud'
import type { Attempt, SessionCredentials } from '@/lib/auth'
import { AppError } from '@/lib/contract/errors'
import * as contract from '@/lib/contract/session'
import type { Nobody } from '../actor'

/** The identity behind a sign-in, once Alibaba Cloud has confirmed it. */
export interface Known {
  identity?: Identity
}

interface Signed {
  credentials: SessionCredentials
  /** The identity that the credentials belong to. */
  arn: string
  endsAt: Date | null
}

interface Checked {
  /** The owner of the key, who is the operator. */
  identity: Identity
  directory: Directory | null
  /** The credentials that sign the calls of the session, always of the same account. */
  signed: Signed
}

/**
 * Asks Alibaba Cloud who owns the key and which directory the account has, and assumes the role if one is given.
 * @param known receives the identity as soon as it is known, so that a later refusal is counted for its account
 * @throws AppError `signin.account_not_allowed`, `signin.root_refused`, `signin.role_of_other_account` or
 *   `signin.not_management_account`
 * @throws CloudError if a call fails, such as `signin.key_unknown`, `signin.secret_wrong` or `signin.role_refused`
 */
export async function identify(
  actor: Nobody,
  { accessKeyId, accessKeySecret, securityToken, site, roleArn }: contract.SignIn,
  attempt: Attempt,
  known: Known,
): Promise<Checked> {
  const { cloudFor, config } = actor.services
  const credentials: SessionCredentials = {
    accessKeyId,
    accessKeySecret,
    ...(securityToken ? { securityToken } : {}),
  }
  const asKey = cloudFor({ credentials, site, accountId: null })
  const identity = await asKey.callerIdentity()
  known.identity = identity
  const { accountId } = identity
  if (config.accounts && !config.accounts.includes(accountId)) {
    throw new AppError('signin.account_not_allowed')
  }
  if (identity.type === 'root') throw new AppError('signin.root_refused')
  await attempt.proven()
  const signed = roleArn
    ? await assume(actor, { asKey, identity, site, roleArn })
    : { credentials, arn: identity.arn, endsAt: null }
  const { name } = identity
  const directory = await cloudFor({ credentials: signed.credentials, site, accountId, name }).directory()
  if (directory && directory.managementAccountId !== accountId) {
    throw new AppError('signin.not_management_account', {
      params: { managementAccount: directory.managementAccountId },
    })
  }
  return { identity, directory, signed }
}

interface RoleInput {
  asKey: Cloud
  identity: Identity
  site: contract.SignIn['site']
  roleArn: string
}

/** A role may trust users of other accounts. The session belongs to the key's account, so the role must as well. */
async function assume(actor: Nobody, { asKey, identity, site, roleArn }: RoleInput): Promise<Signed> {
  const { accountId } = identity
  if (contract.accountOfRole(roleArn) !== accountId) throw roleOfOtherAccount(accountId)
  const { credentials, endsAt } = await assumeRole(actor, asKey, {
    roleArn,
    sessionName: sessionName(identity.name),
  })
  // The assumed credentials decide, not the ARN that was entered.
  const role = await actor.services.cloudFor({ credentials, site, accountId }).callerIdentity()
  if (role.accountId !== accountId) throw roleOfOtherAccount(accountId)
  return { credentials, arn: role.arn, endsAt }
}

function roleOfOtherAccount(account: string): AppError {
  const code = 'signin.role_of_other_account'
  return new AppError(code, { fields: { roleArn: code }, params: { account } })
}

/**
 * The maximum session duration is a setting of the role, one hour by default. Requests the configured duration first and
 * falls back to one hour if the role does not allow it.
 */
async function assumeRole(actor: Nobody, cloud: Cloud, role: { roleArn: string; sessionName: string }) {
  const wanted = Math.max(900, Math.min(43_200, Math.round(actor.services.config.sessionHours * 3600)))
  const input = { ...role, policy: operatorPolicy() }
  try {
    return await cloud.assumeRole({ ...input, durationSeconds: wanted })
  } catch (error) {
    const tooLong = error instanceof CloudError && error.upstream?.code === 'InvalidParameter.DurationSeconds'
    if (!tooLong || wanted <= 3600) throw error
    return cloud.assumeRole({ ...input, durationSeconds: 3600 })
  }
}

/** The name that ActionTrail shows next to the role: the operator, in characters that RAM allows. */
function sessionName(name: string): string {
  return name
    .replace(/[^A-Za-z0-9.@_-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-')
}
