import type {
  AccessKey,
  AddedAccount,
  EnabledDirectory,
  Folder,
  MainAccount,
  Persona,
  Policy,
  RamRole,
  RamUser,
  World,
} from '../model.ts'
import { allow } from '../permissions.ts'
import {
  harbourGroup,
  harbourVentures,
  memberPersonaAccount,
  operatorRoleName,
  personas,
} from '../personas.ts'
import type { Company } from './company.ts'
import { accountIdFor, digest } from './ids.ts'

// Named after the vendor's managed policies.
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

type Identities = Pick<World, 'personas' | 'accounts' | 'users' | 'roles' | 'keys'>

/** Accounts, RAM users, roles and AccessKeys of the seed personas. */
export function identities(companies: readonly Company[]): Identities {
  const verified = { enterpriseVerified: true, profile: 'enterprise' } as const
  const accounts = companies.map((company): MainAccount => {
    const { accountId: id, site, accountName: name, legalName, phone, email } = company
    return { id, site, name, company: legalName, phone, email, ...verified }
  })
  accounts.push(
    {
      id: harbourVentures.accountId,
      site: harbourVentures.site,
      name: harbourVentures.accountName,
      company: 'Harbour Ventures Pte. Ltd.',
      phone: '65-81000002',
      email: harbourVentures.accountName,
      ...verified,
    },
    {
      id: memberPersonaAccount.accountId,
      site: memberPersonaAccount.site,
      name: memberPersonaAccount.accountName,
      company: 'Harbour Group Pte. Ltd.',
      ...verified,
    },
    // Makes one name for a new management account unavailable.
    {
      id: accountIdFor('kestrel'),
      site: 'international',
      name: 'directory@rdadmin.aliyunid.com',
      company: 'Kestrel Freight Pte. Ltd.',
      ...verified,
    },
  )
  return identitiesOf(accounts, personas)
}

/** The world with one more company. */
export function withAccount(world: World, { account, operator }: AddedAccount): World {
  const accounts = [...world.accounts.values(), account]
  return { ...world, ...identitiesOf(accounts, [...world.personas, operator]) }
}

/** The world with one more directory. */
export function withDirectory(world: World, { directory, made }: EnabledDirectory): World {
  const root: Folder = {
    id: directory.rootFolderId,
    directoryId: directory.id,
    name: 'root',
    createTime: directory.createTime,
  }
  return {
    ...world,
    ...(made &&
      identitiesOf([...world.accounts.values(), made.account], [...world.personas, made.administrator])),
    directories: [...world.directories, directory],
    folders: new Map([...world.folders, [root.id, root]]),
  }
}

/** A role of Harbour Ventures that trusts a user of Harbour Group, like those for outsourced teams or parent companies. */
const roleForOtherCompany: RamRole = {
  accountId: harbourVentures.accountId,
  name: 'harbour-group-admin',
  id: numberFor('role:harbour-group-admin', '3'),
  arn: `acs:ram::${harbourVentures.accountId}:role/harbour-group-admin`,
  trusts: [`acs:ram::${harbourGroup.accountId}:user/wei.tan`],
  policies: [resourceDirectoryFullAccess, ecdFullAccess],
  sessionSecondsMax: 28_800,
}

function identitiesOf(accounts: readonly MainAccount[], everybody: readonly Persona[]): Identities {
  const users = everybody.flatMap((persona): RamUser[] =>
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
  const roles = everybody.flatMap(({ accountId, roleArn, userName }): RamRole[] =>
    roleArn === undefined
      ? []
      : [
          {
            accountId,
            name: operatorRoleName,
            id: numberFor(`role:${accountId}`, '3'),
            arn: roleArn,
            trusts: [`acs:ram::${accountId}:user/${userName}`],
            policies: [resourceDirectoryFullAccess, ecdFullAccess],
            sessionSecondsMax: 28_800,
          },
        ],
  )
  roles.push(roleForOtherCompany)
  const keys = everybody.map(
    (persona): AccessKey => ({
      id: persona.keyId,
      secret: persona.secret,
      accountId: persona.accountId,
      userName: persona.userName,
    }),
  )
  return {
    personas: everybody,
    accounts: new Map(accounts.map((account) => [account.id, account])),
    users,
    roles: new Map(roles.map((role) => [role.arn, role])),
    keys: new Map(keys.map((key) => [key.id, key])),
  }
}
