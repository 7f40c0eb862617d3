import type { Member, Site } from '../model.ts'

/** A member of the seed as its author writes it; the rest is derived. */
export interface SeedMember {
  name: string
  /** Part of the account name before the @. Default: the name. */
  prefix?: string
  /** Folder names joined by `/`; empty = root folder. */
  folder: string
  joined: string
  type?: Member['type']
  status?: Member['status']
  email?: Member['emailStatus']
  deletion?: Member['deletionStatus']
  phone?: string
  /** `key=value` pairs separated by spaces. */
  tags?: string
  /** Verified company name when it is not the group's. */
  company?: string
  /** Fixed account id, where something else refers to it. */
  accountId?: string
}

/** Words that generated members are put together from. */
interface NameParts {
  units: readonly { word: string; prefix: string; folder: string }[]
  systems: readonly { word: string; prefix: string }[]
  stages: readonly { word: string; prefix: string }[]
}

/** One company with a directory, as its author writes it. */
export interface Company {
  site: Site
  accountId: string
  accountName: string
  /** The management account's own. */
  phone: string
  email: string
  legalName: string
  directoryId: string
  rootFolderId: string
  enabledOn: string
  /** Folder paths, parents before children, with the day each was made. */
  folders: readonly (readonly [path: string, created: string])[]
  members: readonly SeedMember[]
  generated: NameParts
}
