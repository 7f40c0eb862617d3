import { both, sendErrors } from './action-rows.ts'
import type { Action, Call } from './call.ts'
import { checkCode, sendCode } from './codes.ts'
import type { Member, Site } from './model.ts'
import { invalid, type OperationCode, refusal } from './wire-errors.ts'

const purpose = 'BindSecureMobilePhone'
const sendOperation = 'SendVerificationCodeForBindSecureMobilePhone'

/** https://help.aliyun.com/document_detail/372556.html */
function sendVerificationCodeForBind(call: Call): Record<string, unknown> {
  const { params } = call
  const phone = params.get('SecureMobilePhone') ?? ''
  const accountId = params.get('AccountId') ?? ''
  requireOperatorOfManagementAccount(call)
  if (!phoneShape.test(phone)) throw invalid('SecureMobilePhone')
  if (!allowedAtSite(phone, siteOf(call))) throw refusal('InvalidParameter.MobileCountryCode')
  const member = requireMember(call, accountId)
  const { expirationDate } = sendCode(call, {
    purpose,
    target: accountId,
    channel: 'sms',
    to: phone,
    operation: sendOperation,
    accountId,
    accountName: member.displayName,
    limitedPerDay: true,
  })
  return { ExpirationDate: expirationDate }
}

/** Binds the first secure phone of a resource account. An existing one cannot be changed. */
function bindSecureMobilePhone(call: Call): Record<string, unknown> {
  const { params, state } = call
  const phone = params.get('SecureMobilePhone') ?? ''
  const code = params.get('VerificationCode') ?? ''
  requireOperatorOfManagementAccount(call)
  if (!phoneShape.test(phone)) throw invalid('SecureMobilePhone')
  if (!allowedAtSite(phone, siteOf(call))) throw refusal('NotSupport.Site.Action')
  const member = requireMember(call, params.get('AccountId') ?? '')
  if (!mayHavePhoneBound(member)) throw refusal('AccountTypeMismatch')
  if (member.securePhone !== undefined) throw refusal('AccountSecureMobileAlreadyExists')

  const checked = checkCode(call, { purpose, target: member.accountId, to: phone, code, useUp: true })
  if (checked !== 'right') throw refusal('Invalid.VerificationCode')
  const now = new Date(state.now()).toISOString()
  state.putMember({ ...member, securePhone: phone, modifyTime: now })
  return {}
}

/** `<country code>-<number>`. How strictly the vendor validates the number is not documented. */
export const phoneShape = /^[1-9]\d{0,3}-\d{4,15}$/

/** The China site accepts only 86 numbers, the international site all others. */
export function allowedAtSite(phone: string, site: Site): boolean {
  return phone.startsWith('86-') === (site === 'china')
}

function siteOf({ state, caller }: Call): Site {
  return state.account(caller.accountId)?.site ?? 'international'
}

/** The vendor refuses the root user and other accounts, so that each operation is traceable to an operator. */
function requireOperatorOfManagementAccount({ state, caller }: Call): void {
  if (caller.kind === 'root' || !state.directoryManagedBy(caller.accountId))
    throw refusal('CallerIdentityError')
}

function requireMember({ state, caller }: Call, accountId: string): Member {
  const directory = state.directoryManagedBy(caller.accountId)
  const member = state.member(accountId)
  if (member && member.directoryId === directory?.id) return member
  if (state.directoryManagedBy(accountId)) throw refusal('EntityAlreadyExists.ResourceDirectory')
  throw refusal('NotSupport.AccountInAnotherResourceDirectory')
}

function mayHavePhoneBound(member: Member): boolean {
  // An upgrade to a cloud account excludes the member while it is being confirmed and once it has succeeded.
  const upgrading = member.status === 'PromoteVerifying' || member.status === 'PromoteSuccess'
  return member.type === 'ResourceAccount' && !upgrading && member.deletionStatus !== 'Deleting'
}

const bindErrors: readonly OperationCode[] = [
  'NotSupport.Site.Action',
  'NotSupport.AccountInAnotherResourceDirectory',
  'Invalid.EnterpriseName',
  'EnterpriseRealNameVerificationError',
  'EntityAlreadyExists.ResourceDirectory',
  'Invalid.VerificationCode',
  'AccountTypeMismatch',
  'AccountSecureMobileAlreadyExists',
  'CallerIdentityError',
]

export const securePhoneActions: readonly Action[] = [
  ...both('SendVerificationCodeForBindSecureMobilePhone', 10, sendVerificationCodeForBind, {
    params: ['AccountId', 'SecureMobilePhone'],
    required: ['AccountId', 'SecureMobilePhone'],
    errors: sendErrors,
  }),
  ...both('BindSecureMobilePhone', 20, bindSecureMobilePhone, {
    params: ['AccountId', 'SecureMobilePhone', 'VerificationCode'],
    required: ['AccountId', 'SecureMobilePhone', 'VerificationCode'],
    errors: bindErrors,
  }),
]
