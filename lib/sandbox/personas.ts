import type { Persona } from './model.ts'

/** Main accounts of the seed. Like real IDs, theirs have 16 digits. */
export const harbourGroupId = '5182640937715520'
export const haigangGroupId = '1386710452098837'
export const harbourVenturesId = '5930174486201845'
/** The member account of Harbour Group that the persona `member` belongs to. */
export const memberPersonaAccountId = '5417702963380216'

export const operatorRoleName = 'muster-operator'

function roleArnOf(accountId: string): string {
  return `acs:ram::${accountId}:role/${operatorRoleName}`
}

export const harbourGroup = {
  site: 'international',
  accountId: harbourGroupId,
  accountName: 'cloud@harbourgroup.example',
  company: 'Harbour Group',
} as const

export const haigangGroup = {
  site: 'china',
  accountId: haigangGroupId,
  accountName: 'haigang_cloud',
  company: '海港集团',
} as const

export const harbourVentures = {
  site: 'international',
  accountId: harbourVenturesId,
  accountName: 'cloud@harbourventures.example',
  company: 'Harbour Ventures',
} as const

export const memberPersonaAccount = {
  site: 'international',
  accountId: memberPersonaAccountId,
  accountName: 'sandbox-jonas-lim',
  company: 'Harbour Group',
} as const

/** The test users of the seed. Their secrets are public on purpose: they give access to nothing real. */
export const personas: readonly Persona[] = [
  {
    id: 'intl-admin',
    kind: 'admin',
    keyId: 'SANDBOX-INTL-ADMIN',
    secret: 'sandbox-secret-intl-admin',
    ...harbourGroup,
    userName: 'wei.tan',
    roleArn: roleArnOf(harbourGroupId),
  },
  {
    id: 'china-admin',
    kind: 'admin',
    keyId: 'SANDBOX-CHINA-ADMIN',
    secret: 'sandbox-secret-china-admin',
    ...haigangGroup,
    userName: 'li.na',
    roleArn: roleArnOf(haigangGroupId),
  },
  {
    id: 'no-directory',
    kind: 'no-directory',
    keyId: 'SANDBOX-NO-DIRECTORY',
    secret: 'sandbox-secret-no-directory',
    ...harbourVentures,
    userName: 'oliver.brandt',
  },
  {
    id: 'read-only',
    kind: 'read-only',
    keyId: 'SANDBOX-READ-ONLY',
    secret: 'sandbox-secret-read-only',
    ...harbourGroup,
    userName: 'amira.said',
  },
  {
    id: 'root',
    kind: 'root',
    keyId: 'SANDBOX-ROOT',
    secret: 'sandbox-secret-root',
    ...harbourGroup,
  },
  {
    id: 'member',
    kind: 'member',
    keyId: 'SANDBOX-MEMBER',
    secret: 'sandbox-secret-member',
    ...memberPersonaAccount,
    userName: 'jonas.lim',
  },
]

/** The RAM user of a company that was added. */
export function operatorOf(
  account: { id: string; site: Persona['site']; name: string; company: string },
  kind: 'no-directory' | 'read-only',
): Persona {
  return {
    id: `account-${account.id}`,
    kind,
    keyId: `SANDBOX-ACCOUNT-${account.id}`,
    secret: `sandbox-secret-account-${account.id}`,
    site: account.site,
    accountId: account.id,
    accountName: account.name,
    company: account.company,
    userName: `operator-${account.id}`,
  }
}

/** The administrator of a management account that was created by enabling a directory. */
export function administratorOf(
  account: { id: string; site: Persona['site']; name: string; company: string },
  prefix: string,
): Persona {
  return {
    id: `ma-${prefix}`,
    kind: 'admin',
    keyId: `SANDBOX-MA-${prefix.toUpperCase()}`,
    secret: `sandbox-secret-ma-${prefix}`,
    site: account.site,
    accountId: account.id,
    accountName: account.name,
    company: account.company,
    userName: 'directory.admin',
    roleArn: roleArnOf(account.id),
  }
}
