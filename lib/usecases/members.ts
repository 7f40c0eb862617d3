import { setTimeout as sleep } from 'node:timers/promises'
import { CloudError } from '@/lib/alicloud'
import { AppError, type ErrorBody } from '@/lib/contract/errors'
import { pageSize } from '@/lib/contract/member-filter'
import * as contract from '@/lib/contract/members'
import {
  beingDeleted,
  fetchMember,
  filterChoices,
  findMember,
  type MirrorMember,
  readMember,
  searchMembers,
  syncState,
} from '@/lib/mirror'
import type { Operator } from './actor'
import { mutation, needsLog, query } from './define'
import { requireSpace } from './storage'
import { type RunningSync, startSync } from './sync'
import { timeLine } from './time-line'

/** How long to wait for the first sync of a directory before showing its progress instead. */
const firstSyncWaitMs = 2000
/** How long a requested sync is awaited before the operator is shown that it is still running. */
const syncWaitMs = 20_000

/** A page of the mirror. Starts a sync if one is due; if that sync fails, the error is returned as `readError`. */
export const listMembers = query(contract.listMembers, {
  access: 'directory',
  refreshes: ['mirror'],
  async run(actor, filter) {
    const { db } = actor.services
    const { accountId } = actor
    const before = await syncState(db, accountId)
    if (before.due && !before.sync && !(await actor.services.storage.blocked())) {
      const { started } = await startSync(actor)
      // Old rows are shown at once and replaced later. Only if there are none, wait a little. The mirror keeps the error of
      // a failed sync, and the list shows it.
      const ended = started && leaveRunning(actor, started)
      if (ended && !before.readAt) await within(firstSyncWaitMs, ended)
    }
    const { open: wanted, ...rest } = filter
    const among = wanted && (await actor.services.ledger.targetsOpenAs({ accountId, operation }, wanted))
    const [{ rows, ...numbers }, choices, state] = await Promise.all([
      searchMembers(db, accountId, { ...rest, among, language: actor.language }, pageSize),
      filterChoices(db, accountId, actor.language),
      syncState(db, accountId),
    ])
    const open = await openRequests(
      actor,
      rows.map(({ id }) => id),
    )
    return {
      rows: rows.map((row) => memberRow(row, open.get(row.id) ?? null)),
      page: filter.page,
      ...numbers,
      ...choices,
      readAt: state.readAt?.toISOString() ?? null,
      sync: state.sync && { since: state.sync.startedAt.toISOString(), by: state.sync.by },
      readError: state.readError as ErrorBody | null,
    }
  },
})

/**
 * Syncs the directory, or reports the sync that is already running.
 * @throws AppError `sync.stopped` if the console shuts down meanwhile
 * @throws CloudError why the sync failed, unless it takes longer than `syncWaitMs`
 */
export const refreshMembers = mutation(contract.refreshMembers, {
  access: 'directory',
  action: 'directory.read',
  async run(actor) {
    const sync = await startSync(actor)
    if (!sync.started) return runningAlready(sync.running)
    const ended = await within(syncWaitMs, sync.started)
    if (ended === 'stopped') throw new AppError('sync.stopped')
    if (ended === 'done') return { state: 'done' as const, since: null, by: null }
    if (ended === 'overtaken') {
      const { sync: other } = await syncState(actor.services.db, actor.accountId)
      return runningAlready(other && { since: other.startedAt, by: other.by })
    }
    void leaveRunning(actor, sync.started)
    return { state: 'started' as const, since: null, by: null }
  },
})

function runningAlready(running: RunningSync | null) {
  return {
    state: 'running' as const,
    since: running?.since.toISOString() ?? null,
    by: running?.by ?? null,
  }
}

/** Lets a sync continue in the background and logs failures that need it. */
async function leaveRunning(actor: Operator, sync: Promise<unknown>): Promise<void> {
  try {
    await sync
  } catch (error) {
    if (needsLog(error)) actor.report(error)
  }
}

/** The result of a promise; null if it takes longer than `ms`. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  const enough = new AbortController()
  const late = sleep(ms, null, { signal: enough.signal }).catch(() => null)
  try {
    return await Promise.race([promise, late])
  } finally {
    enough.abort()
  }
}

const operation = 'bind_phone'

/** With more in parallel, calls would wait too long for their turn and fail as busy. */
const readsAtOnce = 8

/**
 * Reads the phone status of members that have none in the mirror yet.
 * @throws CloudError if GetAccount is refused; members whose call failed otherwise are in `failed` or `notAsked`
 */
export const readPhones = query(contract.readPhones, {
  access: 'directory',
  refreshes: ['mirror'],
  async run(actor, { memberIds }) {
    const { db } = actor.services
    const { accountId } = actor
    const known = await Promise.all(memberIds.map((id) => findMember(db, accountId, id)))
    const wanted = known.filter(
      (one) => one !== null && one.type !== 'cloud' && one.phone === 'unread' && !one.goneAt,
    )
    const waiting = wanted.flatMap((one) => one?.id ?? [])
    // Do not ask for answers that cannot be stored.
    if (await actor.services.storage.blocked()) return { read: 0, failed: [], notAsked: waiting }
    const failed: string[] = []
    const notAsked: string[] = []
    async function readInTurn(): Promise<void> {
      for (let id = waiting.shift(); id; id = waiting.shift()) {
        try {
          const { phone } = await fetchMember(db, actor.cloud, accountId, id)
          if (phone === 'unknown') failed.push(id)
        } catch (error) {
          // Every other row would be refused as well.
          if (!(error instanceof CloudError) || error.kind === 'refused') throw error
          const { kind, upstream } = error
          // Busy without a code from Alibaba Cloud: the call did not get a turn and was not sent.
          if (kind === 'busy' && !upstream?.code) notAsked.push(id)
          else failed.push(id)
        }
      }
    }
    await Promise.all(Array.from({ length: readsAtOnce }, readInTurn))
    return { read: wanted.length - failed.length - notAsked.length, failed, notAsked }
  },
})

/**
 * A member with its history.
 * @throws AppError `member.not_found`
 * @throws CloudError if the member is not in the mirror and GetAccount fails
 */
export const getMember = query(contract.getMember, {
  access: 'directory',
  refreshes: ['mirror', 'ledger'],
  run: async (actor, { memberId }) => memberDetail(actor, await memberOf(actor, memberId)),
})

/**
 * Who pays for a member; null = the member itself.
 * @throws AppError `member.not_found`
 * @throws CloudError if GetPayerForAccount fails, or the member is not in the mirror and GetAccount fails
 */
export const getPayer = query(contract.getPayer, {
  access: 'directory',
  refreshes: ['mirror'],
  async run(actor, { memberId }) {
    const { id } = await memberOf(actor, memberId)
    const { accountId, name } = await actor.cloud.payer(id)
    return { payer: accountId === null || accountId === id ? null : { accountId, name } }
  },
})

/**
 * Like `getMember`, but always reads the member from Alibaba Cloud.
 * @throws AppError `storage.full`, since the answer could not be stored; `member.not_found`
 * @throws CloudError if GetAccount fails
 */
export const rereadMember = query(contract.rereadMember, {
  access: 'directory',
  refreshes: ['mirror', 'ledger'],
  async run(actor, { memberId }) {
    await requireSpace(actor.services)
    const { db } = actor.services
    const read = await readMember(db, actor.cloud, actor.accountId, memberId)
    if (!read) throw new AppError('member.not_found')
    return memberDetail(actor, read)
  },
})

/**
 * The mirror row of a member. A missing one is read from Alibaba Cloud.
 * @throws AppError `member.not_found`
 * @throws CloudError if that read fails
 */
export async function memberOf(actor: Operator, memberId: string): Promise<MirrorMember> {
  const { db } = actor.services
  const { accountId } = actor
  const row =
    (await findMember(db, accountId, memberId)) ?? (await readMember(db, actor.cloud, accountId, memberId))
  if (!row) throw new AppError('member.not_found')
  return row
}

/** Why no code can be sent for this member, as shown before any send. */
export function blockedReasonOf(member: MirrorMember): contract.BindBlockedReason | null {
  if (member.goneAt) return 'gone'
  if (member.type === 'cloud') return 'cloud_account'
  if (member.phone === 'bound') return 'already_bound'
  if (member.deletion === beingDeleted) return 'being_deleted'
  return unfitStatuses.has(member.status) ? 'status_unfit' : null
}

/** Statuses of a resource account that is fully set up. Only members with one of these are suggested as the next one. */
export const fitStatuses = [
  'CreateSuccess',
  'InviteSuccess',
  'PromoteFailed',
  'PromoteExpired',
  'PromoteCancelled',
  'SwitchSuccess',
]

/**
 * Documented statuses of a member that is not a fully set-up resource account. Undocumented statuses and types do not block
 * a send: Alibaba Cloud decides, and the page shows the value before a send.
 */
const unfitStatuses = new Set([
  'CreateVerifying',
  'CreateFailed',
  'CreateExpired',
  'CreateCancelled',
  'PromoteVerifying',
  'PromoteSuccess',
  'Removed',
])

export function memberRow(row: MirrorMember, open: contract.OpenRequest | null): contract.MemberRow {
  const phone = row.type === 'cloud' ? 'not_applicable' : row.phone
  return {
    id: row.id,
    displayName: row.displayName,
    type: row.type,
    status: row.status,
    deletion: row.deletion,
    folder: row.folder ?? '',
    phone,
    phoneMasked: row.phoneMasked,
    phoneReadAt: phone === 'bound' || phone === 'missing' ? (row.phoneReadAt?.toISOString() ?? null) : null,
    joinedAt: row.joinedAt?.toISOString() ?? null,
    open,
  }
}

export async function openRequests(
  actor: Operator,
  memberIds: string[],
): Promise<Map<string, contract.OpenRequest>> {
  return actor.services.ledger.openTargets({ accountId: actor.accountId, operation }, memberIds)
}

async function memberDetail(actor: Operator, row: MirrorMember) {
  const { ledger } = actor.services
  const subject = { accountId: actor.accountId, operation, target: row.id } as const
  const [open, view, requests] = await Promise.all([
    openRequests(actor, [row.id]),
    ledger.view(subject),
    ledger.list(subject, 100),
  ])
  return {
    ...memberRow(row, open.get(row.id) ?? null),
    accountName: row.accountName,
    joinMethod: row.joinMethod,
    modifiedAt: row.modifiedAt?.toISOString() ?? null,
    directoryPath: row.folderPath ? `${actor.directoryId}/${row.folderPath}/${row.id}` : null,
    tags: Object.entries(row.tags).map(([key, value]) => ({ key, value })),
    sentToday: view.sentToday,
    blockedReason: view.current?.state === 'newer' ? 'newer_version' : blockedReasonOf(row),
    events: timeLine(row, requests),
  }
}
