import type { Member, Site } from '../model.ts'

/** A seed member as written by hand; everything else is derived. */
export interface SeedMember {
  name: string
  /** The part of the account name before the @. Default: the name. */
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
  /** Verified company name, if it is not the group's. */
  company?: string
  /** Fixed account ID, if something else refers to it. */
  accountId?: string
}

/** The parts that names of generated members are made of. */
interface NameParts {
  units: readonly { word: string; prefix: string; folder: string }[]
  systems: readonly { word: string; prefix: string }[]
  stages: readonly { word: string; prefix: string }[]
}

/** A seed company with a directory, as written by hand. */
export interface Company {
  site: Site
  accountId: string
  accountName: string
  /** The management account's own phone. */
  phone: string
  email: string
  legalName: string
  directoryId: string
  rootFolderId: string
  enabledOn: string
  /** Folder paths, parents before children, with the date each was created. */
  folders: readonly (readonly [path: string, created: string])[]
  members: readonly SeedMember[]
  generated: NameParts
}
