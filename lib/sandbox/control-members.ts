import { randomInt } from 'node:crypto'
import {
  bodyObject,
  booleanField,
  ControlError,
  choiceField,
  integerField,
  phoneField,
  textField,
  wordField,
} from './control-input.ts'
import {
  type Directory,
  deletionStatuses,
  emailStatuses,
  joinMethods,
  type Member,
  memberStatuses,
  memberTypes,
  type Site,
  type Tag,
} from './model.ts'
import type { SandboxState } from './state.ts'

const memberFields = [
  'displayName',
  'accountName',
  'type',
  'status',
  'folder',
  'phone',
  'phoneReported',
  'joinMethod',
  'joinTime',
  'emailStatus',
  'deletionStatus',
  'tags',
]
const membersPerRequestMax = 10_000

/** Adds members with unique IDs to a site's directory. */
export function addMembers(state: SandboxState, body: unknown): Member[] {
  const input = bodyObject(body, ['site', 'members', 'count'])
  const site = choiceField(input, 'site', ['international', 'china'])
  const directory = state.world.directories.find((known) => state.account(known.accountId)?.site === site)
  if (!directory) throw new ControlError(400, 'MissingField', '"site" must be international or china.')
  if ((input.members === undefined) === (input.count === undefined)) {
    throw new ControlError(400, 'InvalidField', 'Give either "members" or "count".')
  }
  const wanted = input.members ?? Array(integerField(input, 'count', 1, 1, membersPerRequestMax)).fill({})
  if (!Array.isArray(wanted) || wanted.length === 0 || wanted.length > membersPerRequestMax) {
    throw new ControlError(400, 'InvalidField', `"members" must be a list of 1 to ${membersPerRequestMax}.`)
  }
  const added = wanted.map((item) => changedMember(state, directory, blankMember(state, directory), item))
  for (const member of added) state.putMember(member)
  return added
}

/** Changes a member as if by someone else, outside the API. `phone: null` removes the phone. */
export function changeMember(state: SandboxState, accountId: string, body: unknown): Member {
  const member = findMember(state, accountId)
  const directory = state.world.directories.find((known) => known.id === member.directoryId)
  if (!directory) throw new ControlError(404, 'UnknownMember', 'That member has no directory.')
  const modifyTime = new Date(state.now()).toISOString()
  const changed = { ...changedMember(state, directory, member, body), modifyTime }
  state.putMember(changed)
  return changed
}

export function findMember(state: SandboxState, accountId: string): Member {
  const member = state.member(accountId)
  if (!member) throw new ControlError(404, 'UnknownMember', 'No member has that account ID.')
  return member
}

function blankMember(state: SandboxState, directory: Directory): Member {
  let accountId: string
  do accountId = `1${String(randomInt(10 ** 14)).padStart(15, '0')}`
  while (state.member(accountId))
  const name = `pilot-${accountId.slice(-8)}`
  const now = new Date(state.now()).toISOString()
  return {
    accountId,
    directoryId: directory.id,
    displayName: name,
    accountName: `${name}@${directory.id}.aliyunid.com`,
    type: 'ResourceAccount',
    status: 'CreateSuccess',
    folderId: directory.rootFolderId,
    joinMethod: 'created',
    joinTime: now,
    modifyTime: now,
    identityInformation: state.account(directory.accountId)?.company ?? '',
    emailStatus: '',
    deletionStatus: '',
    tags: [],
  }
}

function changedMember(state: SandboxState, directory: Directory, member: Member, body: unknown): Member {
  const input = bodyObject(body, memberFields)
  const folder = textField(input, 'folder')
  const joinTime = textField(input, 'joinTime')
  if (joinTime !== undefined && Number.isNaN(Date.parse(joinTime))) {
    throw new ControlError(400, 'InvalidField', '"joinTime" must be an ISO 8601 time.')
  }
  return {
    ...member,
    displayName: textField(input, 'displayName') ?? member.displayName,
    accountName: textField(input, 'accountName') ?? member.accountName,
    type: wordField(input, 'type', memberTypes) ?? member.type,
    status: wordField(input, 'status', memberStatuses) ?? member.status,
    folderId: folder === undefined ? member.folderId : folderIdFor(state, directory, folder),
    joinMethod: wordField(input, 'joinMethod', joinMethods) ?? member.joinMethod,
    joinTime: joinTime === undefined ? member.joinTime : new Date(joinTime).toISOString(),
    emailStatus: choiceField(input, 'emailStatus', emailStatuses) ?? member.emailStatus,
    deletionStatus: choiceField(input, 'deletionStatus', deletionStatuses) ?? member.deletionStatus,
    tags: input.tags === undefined ? member.tags : readTags(input.tags),
    phoneReported: booleanField(input, 'phoneReported') ?? member.phoneReported,
    securePhone: 'phone' in input ? phoneField(input, siteOf(state, directory)) : member.securePhone,
  }
}

/** Accepts a folder ID, or names joined by `/`, e.g. `Retail/Online`. */
function folderIdFor(state: SandboxState, directory: Directory, folder: string): string {
  const found = state.folders(directory).find(({ id }) => {
    const names = state.folderPath(id).slice(1)
    return id === folder || names.map((part) => part.name).join('/') === folder
  })
  if (!found) throw new ControlError(400, 'UnknownFolder', `No folder is called "${folder}".`)
  return found.id
}

function siteOf(state: SandboxState, directory: Directory): Site {
  return state.account(directory.accountId)?.site ?? 'international'
}

function readTags(value: unknown): Tag[] {
  if (!Array.isArray(value))
    throw new ControlError(400, 'InvalidField', '"tags" must be a list of {key, value}.')
  return value.map((item) => {
    const tag = bodyObject(item, ['key', 'value'])
    return { key: textField(tag, 'key') ?? '', value: textField(tag, 'value') ?? '' }
  })
}
