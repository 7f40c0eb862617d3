import { type Cloud, CloudError, type Directory, type Identity, operatorPolicy } from '@/lib/alicloud'
import type { Attempt, SessionCredentials } from '@/lib/auth'
import { AppError } from '@/lib/contract/errors'
import * as contract from '@/lib/contract/session'
import type { Nobody } from '../actor'

/** Who a sign-in turns out to be, once Alibaba Cloud has said so. */
export interface Known {
  identity?: Identity
}

interface Signed {
  credentials: SessionCredentials
  /** Whose they are. */
  arn: string
  endsAt: Date | null
}

interface Checked {
  /** The key's owner: who acts. */
  identity: Identity
  directory: Directory | null
  /** What the session's calls are signed with: always of the same account. */
  signed: Signed
}

/**
 * Asks Alibaba Cloud who the key belongs to and what it may start, and assumes the role where one is given.
 * @param known learns whom the key belongs to as soon as that is known, for the count of what is refused afterwards
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

/** A role may trust users of other accounts. The session stands under the key's account, so the role must be of it. */
async function assume(actor: Nobody, { asKey, identity, site, roleArn }: RoleInput): Promise<Signed> {
  const { accountId } = identity
  if (contract.accountOfRole(roleArn) !== accountId) throw roleOfOtherAccount(accountId)
  const { credentials, endsAt } = await assumeRole(actor, asKey, {
    roleArn,
    sessionName: sessionName(identity.name),
  })
  // What the calls are signed with has the last word, not the ARN that was typed.
  const role = await actor.services.cloudFor({ credentials, site, accountId }).callerIdentity()
  if (role.accountId !== accountId) throw roleOfOtherAccount(accountId)
  return { credentials, arn: role.arn, endsAt }
}

function roleOfOtherAccount(account: string): AppError {
  const code = 'signin.role_of_other_account'
  return new AppError(code, { fields: { roleArn: code }, params: { account } })
}

/**
 * RAM's own longest session is the role's setting, one hour unless an administrator raised it: the longest is asked for
 * first, and one hour when the role does not allow it.
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

/** What ActionTrail shows beside the role: the person, in the characters RAM allows. */
function sessionName(name: string): string {
  return name
    .replace(/[^A-Za-z0-9.@_-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-')
}
