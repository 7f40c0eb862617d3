import type { AccessKey, MainAccount, Policy, RamRole, RamUser, World } from '../model.ts'
import { allow } from '../permissions.ts'
import {
  harbourVenturesId,
  memberPersonaAccountId,
  operatorRoleName,
  type Persona,
  personas,
} from '../personas.ts'
import type { Company } from './company.ts'
import { digest } from './ids.ts'

// Named after the vendor's managed policies they stand for.
const resourceDirectoryFullAccess = allow('resourcemanager:*')
const resourceDirectoryReadOnlyAccess = allow('resourcemanager:Get*', 'resourcemanager:List*')
const ecdFullAccess = allow('ecd:*')
const ecdReadOnlyAccess = allow('ecd:Describe*')
const stsAssumeRoleAccess = allow('sts:AssumeRole')

const policiesOf: Record<Persona['kind'], readonly Policy[]> = {
  admin: [resourceDirectoryFullAccess, ecdFullAccess, stsAssumeRoleAccess],
  'read-only': [resourceDirectoryReadOnlyAccess, ecdReadOnlyAccess],
  'no-directory': [resourceDirectoryFullAccess, ecdFullAccess],
  member: [resourceDirectoryFullAccess, ecdFullAccess],
  root: [],
}

function numberFor(text: string, lead: string): string {
  return lead + (digest(text).readBigUInt64BE() % 10n ** 17n).toString().padStart(17, '0')
}

/** Accounts, RAM users, roles and keys behind the personas. */
export function identities(
  companies: readonly Company[],
): Pick<World, 'accounts' | 'users' | 'roles' | 'keys'> {
  const accounts: MainAccount[] = companies.map((company) => ({
    id: company.accountId,
    site: company.site,
    name: company.accountName,
    company: company.legalName,
  }))
  accounts.push(
    {
      id: harbourVenturesId,
      site: 'international',
      name: 'cloud@harbourventures.example',
      company: 'Harbour Ventures Pte. Ltd.',
    },
    {
      id: memberPersonaAccountId,
      site: 'international',
      name: 'sandbox-jonas-lim',
      company: 'Harbour Group Pte. Ltd.',
    },
  )
  const users = personas.flatMap((persona): RamUser[] =>
    persona.userName === undefined
      ? []
      : [
          {
            accountId: persona.accountId,
            name: persona.userName,
            id: numberFor(`user:${persona.id}`, '2'),
            policies: policiesOf[persona.kind],
          },
        ],
  )
  const roles = companies.map(
    (company): RamRole => ({
      accountId: company.accountId,
      name: operatorRoleName,
      id: numberFor(`role:${company.accountId}`, '3'),
      arn: `acs:ram::${company.accountId}:role/${operatorRoleName}`,
      trusts: personas
        .filter((persona) => persona.kind === 'admin' && persona.accountId === company.accountId)
        .map((persona) => `acs:ram::${persona.accountId}:user/${persona.userName}`),
      policies: [resourceDirectoryFullAccess, ecdFullAccess],
      sessionSecondsMax: 28_800,
    }),
  )
  const keys = personas.map(
    (persona): AccessKey => ({
      id: persona.keyId,
      secret: persona.secret,
      accountId: persona.accountId,
      userName: persona.userName,
    }),
  )
  return {
    accounts: new Map(accounts.map((account) => [account.id, account])),
    users,
    roles: new Map(roles.map((role) => [role.arn, role])),
    keys: new Map(keys.map((key) => [key.id, key])),
  }
}
