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

/** A first sync of a small directory is worth this wait; a longer one shows its progress instead. */
const firstSyncWaitMs = 2000
/** A person who asked for a sync hears within this time how it ended, or that it goes on. */
const syncWaitMs = 20_000

export const listMembers = query(contract.listMembers, {
  access: 'directory',
  refreshes: ['mirror'],
  async run(actor, filter) {
    const { db } = actor.services
    const { accountId } = actor
    const before = await syncState(db, accountId)
    if (before.due && !before.sync && !(await actor.services.storage.blocked())) {
      const { started } = await startSync(actor)
      // Stale rows are shown at once and replaced later; without any rows it is worth waiting a little. Its failure is
      // kept with the list, which shows it.
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

/** Nobody waits for it to the end: what no answer tells goes to the log. */
async function leaveRunning(actor: Operator, sync: Promise<unknown>): Promise<void> {
  try {
    await sync
  } catch (error) {
    if (needsLog(error)) actor.report(error)
  }
}

/** What a promise comes to in that time; null when it takes longer. */
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

/** More at once would wait for their turns longer than a call may, and come back as busy. */
const readsAtOnce = 8

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
    // An answer that cannot be stored is not asked for.
    if (await actor.services.storage.blocked()) return { read: 0, failed: [], notAsked: waiting }
    const failed: string[] = []
    const notAsked: string[] = []
    async function readInTurn(): Promise<void> {
      for (let id = waiting.shift(); id; id = waiting.shift()) {
        try {
          const { phone } = await fetchMember(db, actor.cloud, accountId, id)
          if (phone === 'unknown') failed.push(id)
        } catch (error) {
          // A refusal would meet every other row too.
          if (!(error instanceof CloudError) || error.kind === 'refused') throw error
          const { kind, upstream } = error
          // Busy without a code of Alibaba Cloud's: its turn did not come, and nothing was asked.
          if (kind === 'busy' && !upstream?.code) notAsked.push(id)
          else failed.push(id)
        }
      }
    }
    await Promise.all(Array.from({ length: readsAtOnce }, readInTurn))
    return { read: wanted.length - failed.length - notAsked.length, failed, notAsked }
  },
})

export const getMember = query(contract.getMember, {
  access: 'directory',
  refreshes: ['mirror', 'ledger'],
  run: async (actor, { memberId }) => memberDetail(actor, await memberOf(actor, memberId)),
})

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

/** The member's mirror row; one that is missing is looked up at Alibaba Cloud. @throws AppError `member.not_found` */
export async function memberOf(actor: Operator, memberId: string): Promise<MirrorMember> {
  const { db } = actor.services
  const { accountId } = actor
  const row =
    (await findMember(db, accountId, memberId)) ?? (await readMember(db, actor.cloud, accountId, memberId))
  if (!row) throw new AppError('member.not_found')
  return row
}

/** Why nothing can be sent for this member, told before any send. */
export function blockedReasonOf(member: MirrorMember): contract.BindBlockedReason | null {
  if (member.goneAt) return 'gone'
  if (member.type === 'cloud') return 'cloud_account'
  if (member.phone === 'bound') return 'already_bound'
  if (member.deletion === beingDeleted) return 'being_deleted'
  return unfitStatuses.has(member.status) ? 'status_unfit' : null
}

/** Statuses of a settled resource account. The next member offered has one of these. */
export const fitStatuses = [
  'CreateSuccess',
  'InviteSuccess',
  'PromoteFailed',
  'PromoteExpired',
  'PromoteCancelled',
  'SwitchSuccess',
]

/**
 * Documented statuses of a member that is no settled resource account. One that is documented nowhere is no obstacle, nor
 * is such a type: Alibaba Cloud decides, and the checks before a send name the word.
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
