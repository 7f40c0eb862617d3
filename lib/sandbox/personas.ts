import type { Site } from './model.ts'

/** Main accounts of the seed. Ids have the 16 digits real ones have. */
export const harbourGroupId = '5182640937715520'
export const haigangGroupId = '1386710452098837'
export const harbourVenturesId = '5930174486201845'
/** The member account of Harbour Group that the persona `member` works in. */
export const memberPersonaAccountId = '5417702963380216'

export interface Persona {
  id: 'intl-admin' | 'china-admin' | 'no-directory' | 'read-only' | 'root' | 'member'
  kind: 'admin' | 'no-directory' | 'read-only' | 'root' | 'member'
  keyId: string
  secret: string
  site: Site
  accountId: string
  company: string
  /** Absent for the root user. */
  userName?: string
  /** The role this persona may assume, if any. */
  roleArn?: string
}

export const operatorRoleName = 'muster-operator'

/** Everybody who can sign in to the emulated cloud. The secrets are public on purpose: they open nothing real. */
export const personas: readonly Persona[] = [
  {
    id: 'intl-admin',
    kind: 'admin',
    keyId: 'SANDBOX-INTL-ADMIN',
    secret: 'sandbox-secret-intl-admin',
    site: 'international',
    accountId: harbourGroupId,
    company: 'Harbour Group',
    userName: 'wei.tan',
    roleArn: `acs:ram::${harbourGroupId}:role/${operatorRoleName}`,
  },
  {
    id: 'china-admin',
    kind: 'admin',
    keyId: 'SANDBOX-CHINA-ADMIN',
    secret: 'sandbox-secret-china-admin',
    site: 'china',
    accountId: haigangGroupId,
    company: '海港集团',
    userName: 'li.na',
    roleArn: `acs:ram::${haigangGroupId}:role/${operatorRoleName}`,
  },
  {
    id: 'no-directory',
    kind: 'no-directory',
    keyId: 'SANDBOX-NO-DIRECTORY',
    secret: 'sandbox-secret-no-directory',
    site: 'international',
    accountId: harbourVenturesId,
    company: 'Harbour Ventures',
    userName: 'oliver.brandt',
  },
  {
    id: 'read-only',
    kind: 'read-only',
    keyId: 'SANDBOX-READ-ONLY',
    secret: 'sandbox-secret-read-only',
    site: 'international',
    accountId: harbourGroupId,
    company: 'Harbour Group',
    userName: 'amira.said',
  },
  {
    id: 'root',
    kind: 'root',
    keyId: 'SANDBOX-ROOT',
    secret: 'sandbox-secret-root',
    site: 'international',
    accountId: harbourGroupId,
    company: 'Harbour Group',
  },
  {
    id: 'member',
    kind: 'member',
    keyId: 'SANDBOX-MEMBER',
    secret: 'sandbox-secret-member',
    site: 'international',
    accountId: memberPersonaAccountId,
    company: 'Harbour Group',
    userName: 'jonas.lim',
  },
]
