import type { ErrorCode } from '@/lib/contract/errors'
import { personas } from '@/lib/sandbox'
import type { FormField } from './catalog'
import type { Cloud } from './cloud'
import { type OperationName, operatorPolicy } from './operations'

/**
 * The expected meaning of each documented code, written independently of the catalog. The sandbox's tables list the codes,
 * this file says what they must become, and tests compare both with what the client reports.
 */
export interface ErrorFact {
  ours: ErrorCode
  /** HTTP status of the console's own response. */
  status: number
  /** `unknown` = it may have been executed. */
  kind: 'refused' | 'busy' | 'unknown'
  /** The same call may succeed a little later. */
  retry?: true
  endsSession?: true
  field?: FormField
}

export type ErrorGroup = ErrorFact & { codes: readonly string[] }

interface OperationFacts {
  /** Makes the call, with arguments valid enough to be sent. */
  call(cloud: Cloud): Promise<unknown>
  /**
   * Required parameters, each with the code for a call without it: the gateway's generic form, or a code of the operation.
   * Which of the two is not documented; for operations that list no such code, the gateway's form is assumed.
   */
  needs: Record<string, string>
  /** Expected meanings of the operation's own codes, and of general codes with a different meaning here. */
  errors: readonly ErrorGroup[]
  /**
   * A GET route that makes this call and returns its failure; `e2e/errors.spec.ts` sends every code through it. An operation
   * without one has an entry of its own there.
   */
  route?: string
}

function byGateway(...parameters: string[]): Record<string, string> {
  return Object.fromEntries(parameters.map((name) => [name, `Missing${name}`]))
}

export const badKey = { status: 401, kind: 'refused', endsSession: true } as const
export const refused = { status: 409, kind: 'refused' } as const
const region = 'ap-southeast-1'
const cenId = 'cen-0000000000'
const ownerId = '1999999999999999'
const networkId = `${region}+dir-0000000000`
const member = { memberId: '1999999999999999', phone: '65-91230017' }

const notManaged: ErrorGroup = {
  ours: 'directory.not_managed',
  status: 404,
  kind: 'refused',
  codes: ['EntityNotExists.ResourceDirectory'],
}
const notInDirectory: ErrorGroup = {
  ours: 'member.not_in_directory',
  ...refused,
  codes: ['NotSupport.AccountInAnotherResourceDirectory'],
}
const ownDirectory: ErrorGroup = {
  ours: 'member.has_own_directory',
  ...refused,
  codes: ['EntityAlreadyExists.ResourceDirectory'],
}
const notForEnabling: readonly ErrorGroup[] = [
  { ours: 'directory.exists', ...refused, codes: ['EntityAlreadyExists.ResourceDirectory'] },
  { ours: 'directory.member_elsewhere', ...refused, codes: ['NotSupport.AccountInAnotherResourceDirectory'] },
]
const enabling: readonly ErrorGroup[] = [
  ...notForEnabling,
  { ours: 'account.enterprise_name_missing', ...refused, codes: ['Invalid.EnterpriseName'] },
  { ours: 'account.enterprise_unverified', ...refused, codes: ['EnterpriseRealNameVerificationError'] },
  { ours: 'account.security_info_missing', ...refused, codes: ['MissingSecurityInfo'] },
  {
    ours: 'account.phone_missing',
    ...refused,
    codes: ['MissingSecureMobilePhone', 'MissingMASecureMobilePhone'],
  },
  {
    ours: 'phone.refused',
    ...refused,
    codes: ['InvalidParameter.ManagementAccountSecurityInfo', 'InvalidMASecureMobilePhone'],
  },
  {
    ours: 'enable.name_invalid',
    ...refused,
    field: 'namePrefix',
    codes: ['InvalidParameter.ManagementAccountName', 'InvalidMAName'],
  },
  {
    ours: 'enable.name_taken',
    ...refused,
    field: 'namePrefix',
    codes: ['InvalidParameter.ManagementAccountName.AlreadyUsed'],
  },
  {
    ours: 'code.wrong_or_expired',
    ...refused,
    field: 'code',
    codes: ['Invalid.VerificationCode', 'InvalidVerificationCode'],
  },
]

const noRegion: ErrorGroup = {
  ours: 'region.unknown',
  status: 404,
  kind: 'refused',
  codes: ['InvalidRegion.NotFound', 'InvalidRegionId'],
}
const noNetwork: ErrorGroup = {
  ours: 'network.not_found',
  status: 404,
  kind: 'refused',
  codes: ['InvalidOfficeSiteId'],
}
const notReady: ErrorGroup = {
  ours: 'network.not_ready',
  ...refused,
  retry: true,
  codes: ['InvalidDirectoryStatus', 'DirectoryNotReady'],
}

/** What the tests know about each operation. */
export const operationFacts: Record<OperationName, OperationFacts> = {
  callerIdentity: {
    call: (cloud) => cloud.callerIdentity(),
    needs: {},
    errors: [],
  },
  assumeRole: {
    call: (cloud) =>
      cloud.assumeRole({
        roleArn: personas[0]?.roleArn ?? '',
        sessionName: 'somebody',
        durationSeconds: 900,
        policy: operatorPolicy(),
      }),
    needs: byGateway('RoleArn', 'RoleSessionName'),
    errors: [
      {
        ours: 'signin.role_refused',
        status: 403,
        kind: 'refused',
        field: 'roleArn',
        codes: ['NoPermission', 'Forbidden', 'Forbidden.RAM'],
      },
      {
        ours: 'signin.role_missing',
        status: 404,
        kind: 'refused',
        field: 'roleArn',
        codes: ['EntityNotExist.Role', 'InvalidParameter.RoleArn', 'InvalidRoleArn'],
      },
      {
        ours: 'signin.key_unknown',
        ...badKey,
        field: 'accessKeyId',
        codes: ['AuthenticationFail.ApiUsername'],
      },
      {
        ours: 'signin.secret_wrong',
        ...badKey,
        field: 'accessKeySecret',
        codes: ['AuthenticationFail.ApiPassword'],
      },
      {
        ours: 'cloud.call_malformed',
        status: 502,
        kind: 'refused',
        codes: [
          'InvalidParameter.DurationSeconds',
          'InvalidParameter.RoleSessionName',
          'InvalidParameter.PolicyGrammar',
          'InvalidParameter.PolicySize',
          'InvalidParameter.ContentType',
        ],
      },
    ],
  },
  directory: {
    call: (cloud) => cloud.directory(),
    needs: {},
    errors: [{ ours: 'directory.none', status: 404, kind: 'refused', codes: ['ResourceDirectoryNotInUse'] }],
  },
  listMembers: {
    call: (cloud) => cloud.listMembers({ page: 1 }),
    needs: {},
    errors: [notManaged],
    route: '/api/members?page=1',
  },
  listFolders: {
    call: (cloud) => cloud.listFolders({ parentId: null, page: 1 }),
    needs: {},
    errors: [
      notManaged,
      {
        ours: 'folder.not_found',
        status: 404,
        kind: 'refused',
        codes: ['InvalidParameter.ParentFolderId', 'EntityNotExists.Folder'],
      },
    ],
  },
  member: {
    call: (cloud) => cloud.member(member.memberId),
    needs: { AccountId: 'MissingParameter.AccountId' },
    errors: [
      notManaged,
      {
        ours: 'member.not_found',
        status: 404,
        kind: 'refused',
        codes: ['EntityNotExists.Account', 'InvalidParameter.AccountId'],
      },
    ],
  },
  payer: {
    call: (cloud) => cloud.payer(member.memberId),
    needs: byGateway('AccountId'),
    errors: [
      notManaged,
      { ours: 'member.not_found', status: 404, kind: 'refused', codes: ['EntityNotExists.Account'] },
    ],
    route: '/api/members/:memberId/payer',
  },
  sendBindCode: {
    call: (cloud) => cloud.sendBindCode(member),
    needs: byGateway('AccountId', 'SecureMobilePhone'),
    errors: [
      notInDirectory,
      ownDirectory,
      { ours: 'send.day_limit', ...refused, codes: ['SendValidateCodeExceedsLimitForAccount'] },
      {
        ours: 'phone.country_not_allowed',
        ...refused,
        field: 'phone',
        codes: ['InvalidParameter.MobileCountryCode'],
      },
      { ours: 'phone.refused', ...refused, field: 'phone', codes: ['InvalidSecureMobilePhone'] },
    ],
  },
  bindPhone: {
    call: (cloud) => cloud.bindPhone({ ...member, code: '123456' }),
    needs: byGateway('AccountId', 'SecureMobilePhone', 'VerificationCode'),
    errors: [
      notInDirectory,
      ownDirectory,
      { ours: 'site.not_offered', status: 400, kind: 'refused', codes: ['NotSupport.Site.Action'] },
      { ours: 'account.enterprise_name_missing', ...refused, codes: ['Invalid.EnterpriseName'] },
      { ours: 'account.enterprise_unverified', ...refused, codes: ['EnterpriseRealNameVerificationError'] },
      {
        ours: 'code.wrong_or_expired',
        ...refused,
        field: 'code',
        codes: ['Invalid.VerificationCode', 'InvalidVerificationCode'],
      },
      { ours: 'phone.refused', ...refused, codes: ['InvalidSecureMobilePhone'] },
      { ours: 'member.type_or_status_unfit', ...refused, codes: ['AccountTypeMismatch'] },
      { ours: 'phone.already_bound', ...refused, codes: ['AccountSecureMobileAlreadyExists'] },
      { ours: 'caller.must_be_management_user', ...refused, codes: ['CallerIdentityError'] },
    ],
  },
  sendEnableCode: {
    call: (cloud) => cloud.sendEnableCode({ phone: member.phone }),
    // Without a number the code goes to the account's own phone.
    needs: {},
    errors: [
      ...notForEnabling,
      { ours: 'send.day_limit', ...refused, codes: ['SendValidateCodeExceedsLimitForAccount'] },
      {
        ours: 'phone.country_not_allowed',
        ...refused,
        field: 'phone',
        codes: ['InvalidParameter.MobileCountryCode'],
      },
      { ours: 'phone.refused', ...refused, field: 'phone', codes: ['InvalidSecureMobilePhone'] },
      { ours: 'account.phone_missing', ...refused, codes: ['MissingSecureMobilePhone'] },
    ],
  },
  enableDirectory: {
    call: (cloud) => cloud.enableDirectory({ mode: 'current' }),
    needs: byGateway('EnableMode'),
    errors: enabling,
  },
  tryEnableDirectory: {
    call: (cloud) => cloud.tryEnableDirectory({ mode: 'current' }),
    needs: byGateway('EnableMode'),
    errors: [
      ...enabling,
      { ours: 'site.not_offered', status: 400, kind: 'refused', codes: ['NotSupport.Account.Site'] },
      { ours: 'account.type_unfit', ...refused, codes: ['Invalid.AccountType'] },
    ],
  },
  listRegions: {
    call: (cloud) => cloud.listRegions({ region, language: 'en' }),
    needs: byGateway('RegionId'),
    errors: [noRegion],
  },
  listNetworks: {
    call: (cloud) => cloud.listNetworks({ region }),
    needs: byGateway('RegionId'),
    errors: [noRegion, noNetwork],
    route: '/api/networks/:region',
  },
  listCens: {
    call: (cloud) => cloud.listCens({ region }),
    needs: byGateway('RegionId'),
    errors: [noRegion],
    route: '/api/regions/:region/cens',
  },
  sendCenCode: {
    call: (cloud) => cloud.sendCenCode({ region, cenId, ownerId }),
    needs: byGateway('RegionId', 'VerifyCodeAction', 'ExtraInfo'),
    errors: [
      noRegion,
      { ours: 'cen.owner_wrong', ...refused, field: 'ownerId', codes: ['InvalidCen.CenUidInvalid'] },
      { ours: 'cen.not_found', ...refused, field: 'cenId', codes: ['InvalidCen.ParameterCenInstanceId'] },
    ],
  },
  verifyCen: {
    call: (cloud) => cloud.verifyCen({ region, cenId, ownerId, cidrBlock: '172.28.0.0/16', code: '123456' }),
    needs: byGateway('RegionId', 'CenId', 'CidrBlock'),
    errors: [
      noRegion,
      { ours: 'cen.owner_wrong', ...refused, field: 'ownerId', codes: ['InvalidCenOwnerId'] },
      { ours: 'cen.not_found', ...refused, field: 'cenId', codes: ['InvalidCenId'] },
      { ours: 'code.wrong_or_expired', ...refused, field: 'code', codes: ['InvalidVerifyCode'] },
    ],
  },
  attachCen: {
    call: (cloud) => cloud.attachCen({ region, networkId, cenId, ownerId, code: '123456' }),
    needs: byGateway('RegionId', 'OfficeSiteId', 'CenId'),
    errors: [
      noRegion,
      noNetwork,
      notReady,
      {
        ours: 'cen.owner_wrong',
        ...refused,
        field: 'ownerId',
        codes: ['InvalidCen.CenUidInvalid', 'InvalidCenOwnerId'],
      },
      {
        ours: 'cen.not_found',
        ...refused,
        field: 'cenId',
        codes: ['InvalidCen.ParameterCenInstanceId', 'InvalidCenId'],
      },
      {
        ours: 'code.wrong_or_expired',
        ...refused,
        field: 'code',
        codes: ['VerifyCode.InvalidTokenCode', 'InvalidVerifyCode'],
      },
      {
        ours: 'code.attempts_used_upstream',
        ...refused,
        field: 'code',
        codes: ['VerifyCode.ReachTokenRetryTime'],
      },
    ],
  },
  detachCen: {
    call: (cloud) => cloud.detachCen({ region, networkId }),
    needs: byGateway('RegionId', 'OfficeSiteId'),
    errors: [noRegion, noNetwork, notReady],
  },
}
