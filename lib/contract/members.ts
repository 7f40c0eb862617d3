import * as z from 'zod/mini'
import { Alike } from './alike'
import { endpoint } from './endpoint'
import { pageSize, readMemberFilter } from './member-filter'
import { routes } from './routes'
import { StoredError } from './stored-error'

/** 16 digits, always as text: a JS number would lose the last ones. */
export const AccountId = z.string().check(z.regex(/^\d{16}$/, 'member.not_an_id'))

export const PhoneStatus = z.enum(['bound', 'missing', 'unread', 'not_applicable'])
export type PhoneStatus = z.infer<typeof PhoneStatus>

/** A code request as a list shows it beside the phone status. `newer_version`: this version does not know its state. */
export const OpenRequest = z.enum(['code_sent', 'outcome_unknown', 'newer_version'])
export type OpenRequest = z.infer<typeof OpenRequest>

/** Why nothing can be sent for a member. `newer_version`: a newer version of this console is at work on it. */
export const BindBlockedReason = z.enum([
  'cloud_account',
  'already_bound',
  'status_unfit',
  'being_deleted',
  'gone',
  'newer_version',
])
export type BindBlockedReason = z.infer<typeof BindBlockedReason>

export const MemberRow = z.object({
  id: z.string(),
  displayName: z.string(),
  /** `resource`, `cloud`, or Alibaba Cloud's word where it is neither. */
  type: z.string(),
  /** Alibaba Cloud's word. */
  status: z.string(),
  /** Alibaba Cloud's word for a deletion that is under way or failed. */
  deletion: z.nullable(z.string()),
  folder: z.string(),
  /** A status that only a newer version of this console knows was not read by this one. */
  phone: z.catch(PhoneStatus, 'unread'),
  phoneMasked: z.nullable(z.string()),
  phoneReadAt: z.nullable(z.string()),
  joinedAt: z.nullable(z.string()),
  open: z.nullable(OpenRequest),
})
export type MemberRow = z.infer<typeof MemberRow>

const MemberFilterInput = z.pipe(z.record(z.string(), z.unknown()), z.transform(readMemberFilter))

export const MemberPage = z.object({
  rows: z.array(MemberRow),
  total: z.number(),
  page: z.number(),
  /** Members of the whole directory, whatever is filtered. */
  inDirectory: z.number(),
  /** Members by phone status, within all other filters. */
  counts: z.object({
    all: z.number(),
    bound: z.number(),
    missing: z.number(),
    unread: z.number(),
    not_applicable: z.number(),
  }),
  /** Choices of the filters: what this directory has. */
  folders: z.array(z.object({ id: z.string(), names: z.string() })),
  statuses: z.array(z.string()),
  types: z.array(z.string()),
  /** When the list was last read to its end; null while the first sync runs. */
  readAt: z.nullable(z.string()),
  /** The sync that runs now, and who started it, where that is known. */
  sync: z.nullable(z.object({ since: z.string(), by: z.nullable(z.string()) })),
  /** Why the latest sync failed; the rows are what an earlier one found. */
  readError: z.nullable(StoredError),
})
export type MemberPage = z.infer<typeof MemberPage>

export const listMembers = endpoint({
  ...routes.listMembers,
  input: MemberFilterInput,
  output: MemberPage,
})

/** Reads the phone status of the rows shown, where it is not known. */
export const readPhones = endpoint({
  ...routes.readPhones,
  input: z.object({ memberIds: z.array(AccountId).check(z.maxLength(pageSize, 'input.too_long')) }),
  output: z.object({
    read: z.number(),
    /** Asked for, without an answer that tells it. */
    failed: z.array(AccountId),
    /** Not asked for yet: too much else is being asked, or nothing can be stored. */
    notAsked: z.array(AccountId),
  }),
})

/** Reads the whole list from Alibaba Cloud again. */
export const refreshMembers = endpoint({
  ...routes.refreshMembers,
  input: z.object({}),
  output: z.object({
    /** `started`: it goes on; `running`: another one does, and this one was not needed. */
    state: z.enum(['done', 'started', 'running']),
    /** Of the one that runs already, where they are known. */
    since: z.nullable(z.string()),
    by: z.nullable(z.string()),
  }),
})

export const MemberEvent = z.object({
  at: z.string(),
  kind: z.enum([
    'sending',
    'sent',
    'send_refused',
    'send_unknown',
    'applying',
    'bound',
    'found_bound',
    'bind_refused',
    'bind_not_found',
    'bind_unknown',
    'bind_unresolved',
    'newer',
    'joined',
  ]),
  operatorName: z.nullable(z.string()),
  numberMasked: z.nullable(z.string()),
  alike: Alike,
  /** Alibaba Cloud's own code of a refusal. */
  code: z.nullable(z.string()),
  /** Our code of it, which has words. */
  reason: z.nullable(z.string()),
  requestId: z.nullable(z.string()),
  expiresAt: z.nullable(z.string()),
  /** Why a send's code is over, or what became of a binding. */
  ended: z.nullable(
    z.enum(['given_up', 'superseded', 'too_old', 'refused', 'undone', 'gone', 'unresolved', 'newer']),
  ),
  /** Who discarded the code, or asked for the one that took its place; null where nobody did. */
  endedBy: z.nullable(z.string()),
  /** Codes that were wrong or had run out. */
  wrongAttempts: z.number(),
})
export type MemberEvent = z.infer<typeof MemberEvent>

export const MemberDetail = z.extend(MemberRow, {
  accountName: z.nullable(z.string()),
  joinMethod: z.nullable(z.string()),
  modifiedAt: z.nullable(z.string()),
  directoryPath: z.nullable(z.string()),
  tags: z.array(z.object({ key: z.string(), value: z.string() })),
  sentToday: z.number(),
  blockedReason: z.nullable(BindBlockedReason),
  events: z.array(MemberEvent),
})
export type MemberDetail = z.infer<typeof MemberDetail>

export const getMember = endpoint({
  ...routes.getMember,
  input: z.object({ memberId: AccountId }),
  output: MemberDetail,
})

/** Reads one member from Alibaba Cloud again, phone status included. */
export const rereadMember = endpoint({
  ...routes.rereadMember,
  input: z.object({ memberId: AccountId }),
  output: MemberDetail,
})
