// The calls to Alibaba Cloud that this console makes and also shows as commands: both use these definitions.

const manager = { product: 'ResourceManager', version: '2020-03-31' } as const
const desktop = { product: 'ecd', version: '2020-09-30' } as const

/** As the vendor names them. */
export const vendorCalls = {
  sendBindCode: { ...manager, operation: 'SendVerificationCodeForBindSecureMobilePhone' },
  bindPhone: { ...manager, operation: 'BindSecureMobilePhone' },
  sendEnableCode: { ...manager, operation: 'SendVerificationCodeForEnableRD' },
  enableDirectory: { ...manager, operation: 'EnableResourceDirectory' },
  sendCenCode: { ...desktop, operation: 'SendVerifyCode' },
  attachCen: { ...desktop, operation: 'AttachCen' },
} as const

/**
 * `current`: the caller's account becomes the management account. `new`: an account with this full name
 * (`<prefix>@rdadmin.aliyunid.com`) does, and the caller's becomes its member. `phone`: the one the code was
 * sent to; null = the phone of the caller's account.
 */
export type EnablePlan =
  | { mode: 'current' }
  | { mode: 'new'; accountName: string; phone: string | null; code: string }

/** A CEN with the account that owns it; without one, the caller's own. */
export interface CenChoice {
  cenId: string
  /** 16 digits. */
  ownerId?: string
  code?: string
}

type Parameters = Record<string, string>

/** The request parameters. Phone numbers in the form that is sent: `65-91234567`. */
export const vendorParameters = {
  sendBindCode: ({ memberId, phone }: { memberId: string; phone: string }): Parameters => ({
    AccountId: memberId,
    SecureMobilePhone: phone,
  }),

  bindPhone: ({ code, ...target }: { memberId: string; phone: string; code: string }): Parameters => ({
    ...vendorParameters.sendBindCode(target),
    VerificationCode: code,
  }),

  sendEnableCode: ({ phone }: { phone: string | null }): Parameters =>
    phone === null ? {} : { SecureMobilePhone: phone },

  enableDirectory: (plan: EnablePlan): Parameters =>
    plan.mode === 'current'
      ? { EnableMode: 'CurrentAccount' }
      : {
          EnableMode: 'NewManagementAccount',
          MAName: plan.accountName,
          ...(plan.phone === null ? {} : { MASecureMobilePhone: plan.phone }),
          VerificationCode: plan.code,
        },

  sendCenCode: ({
    region,
    cenId,
    ownerId,
  }: Required<Omit<CenChoice, 'code'>> & { region: string }): Parameters => ({
    RegionId: region,
    VerifyCodeAction: 'eds_cenID_securityverification',
    // Written as text: a JavaScript number would round an id above 2^53.
    ExtraInfo: `{"cenOwnerId":${ownerId},"cenId":${JSON.stringify(cenId)}}`,
  }),

  attachCen: ({
    region,
    networkId,
    ...cen
  }: CenChoice & { region: string; networkId: string }): Parameters => ({
    RegionId: region,
    OfficeSiteId: networkId,
    ...vendorCen(cen),
  }),
}

export function vendorCen({ cenId, ownerId, code }: CenChoice): Parameters {
  return {
    CenId: cenId,
    ...(ownerId === undefined ? {} : { CenOwnerId: ownerId }),
    ...(code === undefined ? {} : { VerifyCode: code }),
  }
}
