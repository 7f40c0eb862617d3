import { randomBytes } from 'node:crypto'
import { row } from './action-rows.ts'
import type { Action, Call } from './call.ts'
import type { Policy, RamRole } from './model.ts'
import { denied, parsePolicy } from './permissions.ts'
import { type OperationCode, refusal, stsMessages } from './wire-errors.ts'

/** https://help.aliyun.com/zh/ram/developer-reference/api-sts-2015-04-01-getcalleridentity */
function getCallerIdentity({ caller, state }: Call): Record<string, unknown> {
  const common = { AccountId: caller.accountId, PrincipalId: caller.principalId }
  if (caller.kind === 'root') {
    return { ...common, IdentityType: 'Account', Arn: caller.arn, UserId: caller.accountId }
  }
  if (caller.kind === 'user') {
    return { ...common, IdentityType: 'RAMUser', Arn: caller.arn, UserId: caller.principalId }
  }
  const roleArn = state.token(caller.keyId)?.roleArn ?? ''
  return {
    ...common,
    IdentityType: 'AssumedRoleUser',
    Arn: caller.arn,
    RoleId: state.world.roles.get(roleArn)?.id,
  }
}

const sessionSecondsMin = 900
const sessionSecondsDefault = 3600
const policyCharactersMax = 2048

/** https://help.aliyun.com/zh/ram/developer-reference/api-sts-2015-04-01-assumerole */
function assumeRole({ caller, params, state }: Call): Record<string, unknown> {
  if (caller.kind === 'root') throw refusal('NoPermission', { message: stsMessages.rootMayNotAssume })
  const arn = params.get('RoleArn') ?? ''
  if (!/^acs:ram::\d{16}:role\/[A-Za-z0-9.-]{1,64}$/.test(arn)) throw refusal('InvalidParameter.RoleArn')
  const sessionName = params.get('RoleSessionName') ?? ''
  if (!/^[A-Za-z0-9.@_-]{2,64}$/.test(sessionName)) throw refusal('InvalidParameter.RoleSessionName')
  const externalId = params.get('ExternalId')
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId)) {
    throw refusal('InvalidParameter.ExternalId')
  }
  const sessionPolicy = readSessionPolicy(params.get('Policy'))
  const role = state.world.roles.get(arn)
  if (!role) throw refusal('EntityNotExist.Role')
  const seconds = readDuration(params.get('DurationSeconds'), role)
  if (!role.trusts.includes(caller.arn)) {
    throw denied(caller, 'sts:AssumeRole', 'ImplicitDeny', 'AssumeRolePolicy', stsMessages.notTrusted)
  }

  const expiresAt = state.now() + seconds * 1000
  const token = {
    keyId: `STS.${randomBytes(18).toString('base64url').replace(/[-_]/g, 'x')}`,
    secret: randomBytes(33).toString('base64url'),
    // Real tokens are several hundred characters long, without a documented maximum.
    token: `CAIS${randomBytes(510).toString('base64')}`,
    roleArn: arn,
    sessionName,
    sessionPolicy,
    expiresAt,
  }
  state.addToken(token)
  return {
    Credentials: {
      AccessKeyId: token.keyId,
      AccessKeySecret: token.secret,
      SecurityToken: token.token,
      Expiration: new Date(expiresAt).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    },
    AssumedRoleUser: { Arn: `${arn}/${sessionName}`, AssumedRoleId: `${role.id}:${sessionName}` },
    SourceIdentity: params.get('SourceIdentity'),
  }
}

function readSessionPolicy(text: string | undefined): Policy | undefined {
  if (text === undefined) return undefined
  if (text.length > policyCharactersMax) throw refusal('InvalidParameter.PolicySize')
  const policy = parsePolicy(text)
  if (!policy) throw refusal('InvalidParameter.PolicyGrammar')
  return policy
}

function readDuration(text: string | undefined, role: RamRole): number {
  if (text === undefined) return sessionSecondsDefault
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (seconds < sessionSecondsMin || seconds > role.sessionSecondsMax) {
    throw refusal('InvalidParameter.DurationSeconds')
  }
  return seconds
}

const assumeRoleParams = [
  'RoleArn',
  'RoleSessionName',
  'DurationSeconds',
  'Policy',
  'ExternalId',
  'SourceIdentity',
]
const assumeRoleErrors: readonly OperationCode[] = [
  'InvalidParameter.DurationSeconds',
  'InvalidParameter.ExternalId',
  'InvalidParameter.RoleArn',
  'InvalidParameter.RoleSessionName',
  'InvalidParameter.SerialNumber',
  'InvalidParameter.TokenCode',
  'InvalidParameter.PolicyGrammar',
  'InvalidParameter.PolicySize',
  'InvalidParameter.ContentType',
  'AuthenticationFail.ApiUsername',
  'AuthenticationFail.ApiPassword',
  'EntityNotExist.Role',
]

export const stsActions: readonly Action[] = [
  row('Sts', 'GetCallerIdentity', 100, getCallerIdentity, { ramAction: undefined }),
  row('Sts', 'AssumeRole', 100, assumeRole, {
    ramAction: 'sts:AssumeRole',
    params: assumeRoleParams,
    required: ['RoleArn', 'RoleSessionName'],
    resource: (params) => params.get('RoleArn') ?? '*',
    errors: assumeRoleErrors,
  }),
]
