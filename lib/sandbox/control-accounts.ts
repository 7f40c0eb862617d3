import { randomInt } from 'node:crypto'
import { bodyObject, ControlError, choiceField, clearableField, phoneField } from './control-input.ts'
import { accountProfiles, type MainAccount, type Persona } from './model.ts'
import { operatorOf } from './personas.ts'
import type { SandboxState } from './state.ts'

/** A main account as the control API returns it. */
export interface AccountFacts {
  id: string
  site: MainAccount['site']
  name: string
  enterpriseVerified: boolean
  enterpriseName: string | null
  profile: MainAccount['profile']
  phone: string | null
  email: string | null
  /** The directory this account manages. */
  directoryId: string | null
}

/** A company with only a RAM user, their AccessKey, and a CEN. */
export interface NewAccount {
  account: AccountFacts
  persona: Persona
  cenId: string
}

/** Adds a main account that neither manages a directory nor belongs to one. */
export function addAccount(state: SandboxState, body: unknown): NewAccount {
  const input = bodyObject(body, ['site', 'kind'])
  const site = choiceField(input, 'site', ['international', 'china'])
  const kind = choiceField(input, 'kind', ['no-directory', 'read-only']) ?? 'no-directory'
  if (site === undefined) throw new ControlError(400, 'MissingField', '"site" is required.')
  let id: string
  do id = `1${digits(15)}`
  while (state.account(id) || state.member(id))
  const account: MainAccount = {
    id,
    site,
    name: `cloud-${id}@pilot.example`,
    company: `Pilot ${id.slice(-4)}`,
    enterpriseVerified: true,
    profile: 'enterprise',
    phone: site === 'china' ? `86-139${digits(8)}` : `65-8${digits(7)}`,
    email: `network-${id}@pilot.example`,
  }
  const operator = operatorOf(account, kind)
  const cen = {
    id: `cen-pilot${id}`,
    ownerId: id,
    name: 'pilot',
    status: 'Active',
    description: '',
    creationTime: `${new Date(state.now()).toISOString().slice(0, 16)}Z`,
    routes: [],
  } as const
  state.addAccount({ account, operator, cen })
  return { account: factsOf(state, account), persona: operator, cenId: cen.id }
}

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('')
}

export function findAccount(state: SandboxState, accountId: string): AccountFacts {
  return factsOf(state, accountOf(state, accountId))
}

/** Changes what calls check about an account. `null` removes the company name, phone or mailbox. */
export function changeAccount(state: SandboxState, accountId: string, body: unknown): AccountFacts {
  const account = accountOf(state, accountId)
  const input = bodyObject(body, ['enterpriseVerified', 'enterpriseName', 'profile', 'phone', 'email'])
  const verified = input.enterpriseVerified ?? account.enterpriseVerified
  if (typeof verified !== 'boolean') {
    throw new ControlError(400, 'InvalidField', '"enterpriseVerified" must be true or false.')
  }
  const changed: MainAccount = {
    ...account,
    enterpriseVerified: verified,
    company: clearableField(input, 'enterpriseName', account.company) ?? '',
    profile: choiceField(input, 'profile', accountProfiles) ?? account.profile,
    phone: 'phone' in input ? phoneField(input, account.site) : account.phone,
    email: clearableField(input, 'email', account.email),
  }
  state.putAccount(changed)
  return factsOf(state, changed)
}

function accountOf(state: SandboxState, accountId: string): MainAccount {
  const account = state.account(accountId)
  if (!account) throw new ControlError(404, 'UnknownAccount', 'No main account has that ID.')
  return account
}

function factsOf(state: SandboxState, { company, phone, email, ...account }: MainAccount): AccountFacts {
  return {
    ...account,
    enterpriseName: company || null,
    phone: phone ?? null,
    email: email ?? null,
    directoryId: state.directoryManagedBy(account.id)?.id ?? null,
  }
}
