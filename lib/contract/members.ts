import * as z from 'zod/mini'
import { Alike } from './alike'
import { endpoint } from './endpoint'
import { pageSize, readMemberFilter } from './member-filter'
import { routes } from './routes'
import { StoredError } from './stored-error'

/** 16 digits, always as text: a JavaScript number would lose the last ones. */
export const AccountId = z.string().check(z.regex(/^\d{16}$/, 'member.not_an_id'))

export const PhoneStatus = z.enum(['bound', 'missing', 'unread', 'not_applicable'])
export type PhoneStatus = z.infer<typeof PhoneStatus>

/**
 * An open code request, as a list shows it beside the phone status. `newer_version`: this version does not
 * know its state.
 */
export const OpenRequest = z.enum(['code_sent', 'outcome_unknown', 'newer_version'])
export type OpenRequest = z.infer<typeof OpenRequest>

/**
 * Why nothing can be sent for a member. `newer_version`: a newer version of this console has an open request
 * for it.
 */
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
  /** `resource`, `cloud`, or Alibaba Cloud's own value. */
  type: z.string(),
  /** Alibaba Cloud's value. */
  status: z.string(),
  /** Alibaba Cloud's value for a deletion that is in progress or failed. */
  deletion: z.nullable(z.string()),
  folder: z.string(),
  /** A status that only a newer version of this console knows counts as not read. */
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
  /** From 1. */
  page: z.number(),
  /** All members of the directory, whatever the filters. */
  inDirectory: z.number(),
  /** Members by phone status, with all other filters applied. */
  counts: z.object({
    all: z.number(),
    bound: z.number(),
    missing: z.number(),
    unread: z.number(),
    not_applicable: z.number(),
  }),
  /** Choices of the filters: what occurs in this directory. */
  folders: z.array(z.object({ id: z.string(), names: z.string() })),
  statuses: z.array(z.string()),
  types: z.array(z.string()),
  /** When the list was last read completely; null until the first sync has completed. */
  readAt: z.nullable(z.string()),
  /** The sync that is running, and who started it, if known. */
  sync: z.nullable(z.object({ since: z.string(), by: z.nullable(z.string()) })),
  /** Why the latest sync failed; the rows are from an earlier one. */
  readError: z.nullable(StoredError),
})
export type MemberPage = z.infer<typeof MemberPage>

export const listMembers = endpoint({
  ...routes.listMembers,
  input: MemberFilterInput,
  output: MemberPage,
})

/** Reads the phone status of the rows shown, if it has not been read. */
export const readPhones = endpoint({
  ...routes.readPhones,
  input: z.object({ memberIds: z.array(AccountId).check(z.maxLength(pageSize, 'input.too_long')) }),
  output: z.object({
    read: z.number(),
    /** Asked for, but no answer reported it. */
    failed: z.array(AccountId),
    /** Not asked for yet: too many other calls are running, or nothing can be stored. */
    notAsked: z.array(AccountId),
  }),
})

/** Reads the whole list from Alibaba Cloud again. */
export const refreshMembers = endpoint({
  ...routes.refreshMembers,
  input: z.object({}),
  output: z.object({
    /** `started`: it continues in the background. `running`: another one is running, so none was started. */
    state: z.enum(['done', 'started', 'running']),
    /** Of the one that is running already, if known. */
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
  /** Alibaba Cloud's own error code of a refusal. */
  code: z.nullable(z.string()),
  /** This console's error code for it, which has a message. */
  reason: z.nullable(z.string()),
  requestId: z.nullable(z.string()),
  expiresAt: z.nullable(z.string()),
  /** Why a code is no longer valid, or what became of a bind. */
  ended: z.nullable(
    z.enum(['given_up', 'superseded', 'too_old', 'refused', 'undone', 'gone', 'unresolved', 'newer']),
  ),
  /** Who discarded the code, or requested the one that superseded it; null if nobody did. */
  endedBy: z.nullable(z.string()),
  /** Codes that were wrong or expired. */
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

/** The account that pays for a member; null = the member itself. */
export const getPayer = endpoint({
  ...routes.getPayer,
  input: z.object({ memberId: AccountId }),
  output: z.object({ payer: z.nullable(z.object({ accountId: z.string(), name: z.nullable(z.string()) })) }),
})

/** Reads one member from Alibaba Cloud again, including its phone status. */
export const rereadMember = endpoint({
  ...routes.rereadMember,
  input: z.object({ memberId: AccountId }),
  output: MemberDetail,
})
