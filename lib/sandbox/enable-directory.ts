import { both, row, sendErrors } from './action-rows.ts'
import type { Action, Call } from './call.ts'
import { checkCode, sendCode } from './codes.ts'
import type { Directory, MainAccount, Member } from './model.ts'
import { administratorOf } from './personas.ts'
import { allowedAtSite, phoneShape } from './secure-phone.ts'
import { accountIdFor, lettersFor } from './seed/ids.ts'
import { invalid, missing, type OperationCode, refusal } from './wire-errors.ts'

// Both operations act on the caller's own account. The root user may call them: the vendor documents no restriction.

const purpose = 'EnableResourceDirectory'
const sendOperation = 'SendVerificationCodeForEnableRD'

/** https://help.aliyun.com/document_detail/364248.html */
function sendVerificationCodeForEnable(call: Call): Record<string, unknown> {
  const account = callersAccount(call)
  const phone = call.params.get('SecureMobilePhone')
  if (phone !== undefined && !phoneShape.test(phone)) throw invalid('SecureMobilePhone')
  if (phone !== undefined && !allowedAtSite(phone, account.site)) {
    throw refusal('InvalidParameter.MobileCountryCode')
  }
  requireNoDirectory(call)
  const to = phone ?? account.phone
  if (to === undefined) throw missing('SecureMobilePhone')
  sendCode(call, {
    purpose,
    target: account.id,
    channel: 'sms',
    to,
    operation: sendOperation,
    accountId: account.id,
    accountName: account.name,
    limitedPerDay: true,
  })
  return {}
}

/** https://api.aliyun.com/document/ResourceManager/2020-03-31/EnableResourceDirectory */
function enableResourceDirectory(call: Call): Record<string, unknown> {
  const { params, state, assumptions } = call
  const dryRun = call.product === 'ResourceDirectoryMaster' && params.boolean('DryRun')
  const mode = params.get('EnableMode')
  if (mode !== 'CurrentAccount' && mode !== 'NewManagementAccount') throw invalid('EnableMode')
  const account = callersAccount(call)
  requireNoDirectory(call)
  requireFitAccount(call, account)
  if (mode === 'CurrentAccount') {
    if (dryRun) return {}
    const directory = newDirectory(call, account.id)
    state.enableDirectory({ directory })
    return reply(directory, account)
  }

  const name = params.get('MAName') ?? ''
  const prefix = prefixOf(name)
  if (prefix === undefined) throw refusal('InvalidParameter.ManagementAccountName')
  if (state.accountNameTaken(name)) throw refusal('InvalidParameter.ManagementAccountName.AlreadyUsed')
  const phone = params.get('MASecureMobilePhone') ?? account.phone
  if (phone === undefined) throw refusal('MissingSecureMobilePhone')
  if (!phoneShape.test(phone) || !allowedAtSite(phone, account.site)) {
    throw refusal('InvalidParameter.ManagementAccountSecurityInfo')
  }
  const code = params.get('VerificationCode')
  const useUp = !dryRun || assumptions.dryRunUsesCode
  if (
    code === undefined ||
    checkCode(call, { purpose, target: account.id, to: phone, code, useUp }) !== 'right'
  ) {
    throw refusal('Invalid.VerificationCode')
  }
  if (dryRun) return {}

  const made: MainAccount = {
    id: newAccountId(call, prefix),
    site: account.site,
    name,
    company: account.company,
    enterpriseVerified: true,
    profile: 'enterprise',
    phone,
  }
  const directory = newDirectory(call, made.id)
  state.enableDirectory({ directory, made: { account: made, administrator: administratorOf(made, prefix) } })
  state.putMember(memberMadeOf(account, directory))
  return reply(directory, made)
}

function callersAccount({ state, caller }: Call): MainAccount {
  const account = state.account(caller.accountId)
  if (!account) throw refusal('InternalError')
  return account
}

function requireNoDirectory({ state, caller }: Call): void {
  if (state.directoryManagedBy(caller.accountId)) throw refusal('EntityAlreadyExists.ResourceDirectory')
  if (state.member(caller.accountId)) throw refusal('NotSupport.AccountInAnotherResourceDirectory')
}

/** The prerequisites for enabling a directory. */
function requireFitAccount({ product }: Call, account: MainAccount): void {
  if (account.profile !== 'enterprise' && product === 'ResourceDirectoryMaster') {
    throw refusal('Invalid.AccountType')
  }
  if (account.profile !== 'enterprise' || !account.enterpriseVerified) {
    throw refusal('EnterpriseRealNameVerificationError')
  }
  if (account.company === '') throw refusal('Invalid.EnterpriseName')
  if (account.phone === undefined && account.email === undefined) throw refusal('MissingSecurityInfo')
}

/** Undefined if the name is not valid for a management account. */
function prefixOf(name: string): string | undefined {
  const prefix = /^([A-Za-z0-9]+(?:[_.-][A-Za-z0-9]+)*)@rdadmin\.aliyunid\.com$/.exec(name)?.[1] ?? ''
  return prefix.length >= 2 && prefix.length <= 50 ? prefix : undefined
}

/** Derived from the prefix, so that it is the same in every run, unless an account already has that ID. */
function newAccountId({ state }: Call, prefix: string): string {
  for (let salt = ''; ; salt += '+') {
    const id = accountIdFor(`management:${prefix}${salt}`)
    if (!state.account(id) && !state.member(id)) return id
  }
}

function newDirectory({ state }: Call, accountId: string): Directory {
  return {
    id: `rd-${lettersFor(`directory:${accountId}`, 6)}`,
    accountId,
    rootFolderId: `r-${lettersFor(`root:${accountId}`, 6)}`,
    createTime: new Date(state.now()).toISOString(),
  }
}

/** The account that created the new management account becomes the directory's first member, as if invited. */
function memberMadeOf(account: MainAccount, directory: Directory): Member {
  return {
    accountId: account.id,
    directoryId: directory.id,
    displayName: account.company,
    accountName: account.name,
    type: 'CloudAccount',
    status: 'InviteSuccess',
    folderId: directory.rootFolderId,
    joinMethod: 'invited',
    joinTime: directory.createTime,
    modifyTime: directory.createTime,
    identityInformation: account.company,
    emailStatus: '',
    deletionStatus: '',
    tags: [],
    securePhone: account.phone,
  }
}

function reply(directory: Directory, management: MainAccount): Record<string, unknown> {
  return {
    ResourceDirectory: {
      ResourceDirectoryId: directory.id,
      RootFolderId: directory.rootFolderId,
      MasterAccountId: management.id,
      MasterAccountName: management.name,
      CreateTime: directory.createTime,
    },
  }
}

const enableParams = ['EnableMode', 'MAName', 'MASecureMobilePhone', 'VerificationCode']
const enableErrors: readonly OperationCode[] = [
  'NotSupport.AccountInAnotherResourceDirectory',
  'Invalid.EnterpriseName',
  'EnterpriseRealNameVerificationError',
  'EntityAlreadyExists.ResourceDirectory',
  'InvalidParameter.ManagementAccountName.AlreadyUsed',
  'Invalid.VerificationCode',
  'InvalidParameter.ManagementAccountName',
  'InvalidParameter.ManagementAccountSecurityInfo',
  'MissingSecureMobilePhone',
  'MissingSecurityInfo',
]
const ownAccount: Action['target'] = (_params, caller) => caller.accountId

export const enableActions: readonly Action[] = [
  ...both('SendVerificationCodeForEnableRD', 5, sendVerificationCodeForEnable, {
    params: ['SecureMobilePhone'],
    target: ownAccount,
    errors: sendErrors,
  }),
  row('ResourceManager', 'EnableResourceDirectory', 10, enableResourceDirectory, {
    params: enableParams,
    required: ['EnableMode'],
    target: ownAccount,
    errors: enableErrors,
  }),
  row('ResourceDirectoryMaster', 'EnableResourceDirectory', 10, enableResourceDirectory, {
    params: [...enableParams, 'DryRun'],
    required: ['EnableMode'],
    target: ownAccount,
    errors: [...enableErrors, 'NotSupport.Account.Site', 'Invalid.AccountType'],
  }),
]
