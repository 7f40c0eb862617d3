import type { Directory, Folder, Member, World } from '../model.ts'
import type { Company, SeedMember } from './company.ts'
import { generateMembers } from './generated.ts'
import { haigang } from './haigang.ts'
import { harbour } from './harbour.ts'
import { identities } from './identities.ts'
import { accountIdFor, lettersFor, momentOn } from './ids.ts'
import { cenOwners, cens, seedNetworks } from './networks.ts'

const companies = [harbour, haigang]

/** Builds the initial state. Members are generated until each directory has `membersPerDirectory`. */
export function buildWorld(membersPerDirectory = 0): World {
  const parts = companies.map((company) => buildDirectory(company, membersPerDirectory))
  const people = identities(companies)
  return {
    ...people,
    accounts: new Map([...people.accounts, ...cenOwners.map((owner) => [owner.id, owner] as const)]),
    directories: parts.map((part) => part.directory),
    folders: new Map(parts.flatMap((part) => part.folders).map((folder) => [folder.id, folder])),
    members: parts.flatMap((part) => part.members),
    networks: seedNetworks(),
    cens,
  }
}

function buildDirectory(company: Company, membersPerDirectory: number) {
  const directory: Directory = {
    id: company.directoryId,
    accountId: company.accountId,
    rootFolderId: company.rootFolderId,
    createTime: momentOn(company.enabledOn, company.directoryId),
  }
  const root: Folder = {
    id: company.rootFolderId,
    directoryId: company.directoryId,
    name: 'root',
    createTime: directory.createTime,
  }
  const byPath = new Map([['', root]])
  for (const [path, created] of company.folders) {
    const cut = path.lastIndexOf('/')
    const parent = byPath.get(cut < 0 ? '' : path.slice(0, cut))
    if (!parent) throw new Error(`Seed folder ${path} comes before its parent.`)
    const id = `fd-${lettersFor(`${company.directoryId}:${path}`, 10)}`
    const createTime = momentOn(created, path)
    byPath.set(path, {
      id,
      directoryId: company.directoryId,
      name: path.slice(cut + 1),
      parentId: parent.id,
      createTime,
    })
  }
  const extra = Math.max(0, membersPerDirectory - company.members.length)
  const members = [...company.members, ...generateMembers(company, extra)].map((seed) =>
    buildMember(company, seed, byPath.get(seed.folder)),
  )
  return { directory, folders: [...byPath.values()], members }
}

function buildMember(company: Company, seed: SeedMember, folder: Folder | undefined): Member {
  if (!folder) throw new Error(`Seed member ${seed.name} names an unknown folder.`)
  const prefix = seed.prefix ?? seed.name
  const joinTime = momentOn(seed.joined, seed.name)
  const status = seed.status ?? 'CreateSuccess'
  return {
    accountId: seed.accountId ?? accountIdFor(`${company.directoryId}:${seed.name}`),
    directoryId: company.directoryId,
    displayName: seed.name,
    accountName: prefix.includes('@') ? prefix : `${prefix}@${company.directoryId}.aliyunid.com`,
    type: seed.type ?? 'ResourceAccount',
    status,
    folderId: folder.id,
    joinMethod: status === 'InviteSuccess' ? 'invited' : 'created',
    joinTime,
    modifyTime: joinTime,
    identityInformation: seed.company ?? company.legalName,
    emailStatus: seed.email ?? '',
    deletionStatus: seed.deletion ?? '',
    tags: (seed.tags ?? '')
      .split(' ')
      .filter(Boolean)
      .map((tag) => ({ key: tag.slice(0, tag.indexOf('=')), value: tag.slice(tag.indexOf('=') + 1) })),
    securePhone: seed.phone,
  }
}
