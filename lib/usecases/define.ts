import type * as z from 'zod/mini'
import { CloudError } from '@/lib/alicloud'
import { type AuditEntry, appendAudit } from '@/lib/audit'
import { endSession, rememberAccepted } from '@/lib/auth'
import { type AuditValue, auditedPart } from '@/lib/contract/audited'
import type { Endpoint } from '@/lib/contract/endpoint'
import { AppError, type ErrorCode } from '@/lib/contract/errors'
import { type Db, isStorageAway } from '@/lib/db'
import { isKept } from '@/lib/spool'
import { type Nobody, type Operator, requireDirectory } from './actor'
import { type Done, doneOf, type WithEffect } from './effect'
import { appErrorOf } from './failure'
import { requireSpace, unsent } from './storage'

/** Who may run a use case: anyone, a signed-in operator, or an operator who may list the directory. */
export type Access = 'public' | 'session' | 'directory'

export type ActorOf<A extends Access> = A extends 'public' ? Nobody : Operator

export interface UseCase<E extends Endpoint = Endpoint, A extends Access = Access> {
  endpoint: E
  access: A
  /** The action of its audit rows; null = a query, which writes none. */
  action: string | null
  /** What a query updates before it answers; empty = it writes nothing except for the access check. */
  refreshes: readonly Refreshed[]
  run(actor: ActorOf<A>, input: z.output<E['input']>): Promise<z.output<E['output']>>
  /** Like `run`, for a caller that holds the session token: also returns the effect on that session. */
  perform(actor: ActorOf<A>, input: z.output<E['input']>): Promise<Done<z.output<E['output']>>>
}

/**
 * Stored copies of Alibaba Cloud's state and records of our calls. A query may update them from an answer or when something
 * has timed out or expired, but it never carries out a change that a user requested.
 */
export type Refreshed = 'mirror' | 'ledger' | 'sessions'

type Run<E extends Endpoint, A extends Access> = (
  actor: ActorOf<A>,
  input: z.output<E['input']>,
) => Promise<z.input<E['output']> | WithEffect<z.input<E['output']>>>

interface Query<E extends Endpoint, A extends Access> {
  access: A
  refreshes?: readonly Refreshed[]
  run: Run<E, A>
}

/**
 * A use case that changes nothing, here or at Alibaba Cloud, except for what it `refreshes`.
 * Besides the errors of its `run`, every query throws database failures unchanged (see `asAppError`).
 * @throws AppError `directory.none` with `access: 'directory'` and no directory; `signin.ended` if Alibaba Cloud rejects the
 *   credentials of the session
 * @throws CloudError with `access: 'directory'`, if the check that this operator may list the directory fails
 */
export function query<E extends Endpoint, A extends Access>(
  endpoint: E,
  definition: Query<E, A>,
): UseCase<E, A> {
  const { access, refreshes = [] } = definition
  return defineUseCase({ endpoint, access, action: null, refreshes }, (actor, input) =>
    guarded(definition, actor, input),
  )
}

/** @param perform does the work; its output is validated against the endpoint afterward */
export function defineUseCase<E extends Endpoint, A extends Access>(
  facts: Omit<UseCase<E, A>, 'run' | 'perform'>,
  perform: Run<E, A>,
): UseCase<E, A> {
  async function checked(actor: ActorOf<A>, input: z.output<E['input']>) {
    const { output, effect } = doneOf(await perform(actor, input))
    return { output: facts.endpoint.output.parse(output) as z.output<E['output']>, effect }
  }
  return { ...facts, perform: checked, run: async (actor, input) => (await checked(actor, input)).output }
}

/** What a mutation learns while it runs, for the closing row of the audit. */
export interface AuditNote {
  /** Set once Alibaba Cloud's answer, or the lack of one, is certain: a later failure here does not change it. */
  outcome?: 'accepted' | 'refused' | 'unknown' | 'failed'
  code?: string
  upstreamRequestId?: string
  /** The closing row as known so far, for code that writes it together with the outcome in the ledger. */
  closing(): AuditEntry
  /** The closing row is written, or will be as soon as the database is back. */
  closed?: boolean
}

interface Mutation<E extends Endpoint, A extends Exclude<Access, 'public'>> {
  access: A
  /** `area.verb`: the action of the audit row, and the message key of its label. */
  action: string
  /** What the mutation acts on, derived from the part of the input that the audit may hold: see `audited`. */
  target?(input: Partial<z.output<E['input']>>, actor: ActorOf<A>): string | undefined
  /** Whether a refusal with this code ends the current step of the flow; the reply reports it as `closes`. */
  closes?(code: ErrorCode, input: z.output<E['input']>): boolean
  /** Attempted even while storage is blocked, since it makes no call and adds nothing but its audit rows. */
  evenWithoutSpace?: true
  run(...run: [...Parameters<Run<E, A>>, note: AuditNote]): ReturnType<Run<E, A>>
}

/**
 * A use case that changes something. It writes a `started` audit row first and an outcome row afterward, whatever happens; a
 * mutation refused because storage is blocked writes neither. Besides the errors of its `run` and those of `query`:
 * @throws AppError `storage.full` while nothing can be stored; `storage.unavailable` if the `started` row could not be
 *   written (nothing was sent); `storage.outcome_unsaved` if Alibaba Cloud answered but the outcome is not stored yet
 */
export function mutation<E extends Endpoint, A extends Exclude<Access, 'public'>>(
  endpoint: E,
  definition: Mutation<E, A>,
): UseCase<E, A> {
  const { access, action } = definition
  return defineUseCase({ endpoint, access, action, refreshes: [] }, async (actor, input) => {
    if (!definition.evenWithoutSpace) await requireSpace(actor.services)
    const { db, outcomes } = actor.services
    const note: AuditNote = { closing: () => ({ ...entry(), ...closingFacts(note, 'accepted') }) }
    const detail = auditedPart(endpoint.input, input) as Partial<z.output<E['input']>> & AuditDetail
    const entry = () => ({
      ...whoOf(actor),
      address: actor.origin,
      action,
      target: definition.target?.(detail, actor) ?? null,
      correlationId: actor.requestId,
      detail,
    })
    /** Writes the closing row, now or as soon as the database is back. */
    async function close(facts: Pick<AuditEntry, 'outcome' | 'code' | 'upstreamRequestId'>): Promise<void> {
      if (note.closed) return
      const record = { answeredAt: Date.now(), audit: { ...entry(), ...facts } }
      await outcomes.put(record, { ahead: false }).catch((error: unknown) => {
        if (!isKept(error)) throw error
      })
    }
    const started = { ...entry(), outcome: 'started', code: null, upstreamRequestId: null } as const
    await appendAudit(db, started).catch((error: unknown) => {
      throw unsent(error)
    })
    let output: Awaited<ReturnType<Run<E, A>>>
    try {
      output = await guarded({ ...definition, run: (c, i) => definition.run(c, i, note) }, actor, input)
    } catch (error) {
      await recordAccepted(actor)
      await close(failureFacts(error, note))
      if (error instanceof AppError && definition.closes?.(error.code, input)) error.closes = true
      throw unsaved(error, note) ?? error
    }
    await recordAccepted(actor)
    await close(closingFacts(note, 'accepted'))
    return output
  })
}

/** Stores which operations Alibaba Cloud accepted from the operator. If that fails, the result of the run stands. */
async function recordAccepted(actor: Nobody | Operator): Promise<void> {
  if (actor.kind !== 'operator') return
  try {
    await rememberAccepted(actor.services.db, actor, [...actor.accepted])
    actor.accepted.clear()
  } catch (error) {
    actor.report(error)
  }
}

/** A fact that a use case discovered and that changed something here. A query leaves no other audit row. */
export interface Finding {
  /** `area.verb` of the consequence. */
  action: string
  target: string
  detail: AuditDetail
}

type AuditDetail = Record<string, AuditValue | undefined>

/** Writes the audit row of a finding. Make it the last statement of the transaction that applies the consequence. */
export async function auditFinding(tx: Db, actor: Operator, finding: Finding): Promise<void> {
  const { origin: address, requestId: correlationId } = actor
  await appendAudit(tx, { ...whoOf(actor), ...finding, address, outcome: 'accepted', correlationId })
}

/** Runs a definition behind its access check. Ends the session if Alibaba Cloud no longer accepts its credentials. */
async function guarded<E extends Endpoint, A extends Access>(
  definition: Pick<Query<E, A>, 'access' | 'run'>,
  actor: ActorOf<A>,
  input: z.output<E['input']>,
): ReturnType<Run<E, A>> {
  try {
    if (definition.access === 'directory' && actor.kind === 'operator') await requireDirectory(actor)
    return await definition.run(actor, input)
  } catch (error) {
    if (error instanceof CloudError && error.endsSession && actor.kind === 'operator') {
      await endRefusedSession(actor, error)
      throw new AppError('signin.ended', { upstream: error.upstream }, { cause: error })
    }
    throw error
  }
}

/** Ends the session whose credentials Alibaba Cloud rejected and audits it, once even if several calls find out. */
export async function endRefusedSession(actor: Operator, { code, upstream }: CloudError): Promise<void> {
  await actor.services.db.transaction(async (tx) => {
    if (!(await endSession(tx, actor.session.id))) return
    const detail = {
      code: identifierOf(upstream?.code) ?? code,
      requestId: identifierOf(upstream?.requestId),
    }
    await auditFinding(tx, actor, { action: 'session.end', target: actor.accountId, detail })
  })
}

function whoOf({ accountId, operatorId, operatorName, method }: Operator) {
  return { accountId, operatorId, operatorName, method }
}

/** If the database failed after Alibaba Cloud answered, the operator is shown the answer that could not be saved. */
function unsaved(error: unknown, { outcome, upstreamRequestId }: AuditNote): AppError | null {
  if (!outcome || outcome === 'failed' || !(isKept(error) || isStorageAway(error))) return null
  const params = { outcome, requestId: upstreamRequestId ?? 'none' }
  return new AppError('storage.outcome_unsaved', { params }, { cause: error })
}

function closingFacts(note: AuditNote, outcome: NonNullable<AuditNote['outcome']>) {
  return {
    outcome: note.outcome ?? outcome,
    code: identifierOf(note.code),
    upstreamRequestId: identifierOf(note.upstreamRequestId),
  }
}

/** A code or ID returned by Alibaba Cloud. Anything in another format is dropped, since it could contain any data. */
function identifierOf(text: string | undefined): string | null {
  return text !== undefined && /^[\w.:-]{1,128}$/.test(text) ? text : null
}

function failureFacts(error: unknown, note: AuditNote) {
  if (note.outcome) return closingFacts(note, note.outcome)
  const known = error instanceof AppError ? error : undefined
  const { code } = appErrorOf(error)
  return {
    outcome: outcomeOf(error),
    code: identifierOf(note.code ?? known?.upstream?.code) ?? code,
    upstreamRequestId: identifierOf(note.upstreamRequestId ?? known?.upstream?.requestId),
  }
}

export function outcomeOf(error: unknown): 'refused' | 'unknown' | 'failed' {
  if (error instanceof CloudError) return error.executed === 'no' ? 'refused' : 'unknown'
  return error instanceof AppError ? 'refused' : 'failed'
}

/** Failures that belong in the server log: our own, and calls with no answer or an unreadable one. */
export function needsLog(error: unknown): boolean {
  if (error instanceof CloudError && error.kind !== 'refused')
    return error.kind === 'silent' || error.kind === 'not_understood'
  if (!(error instanceof AppError)) return true
  return ['internal', 'cloud.not_sent', 'storage.outcome_unsaved', 'storage.unavailable'].includes(error.code)
}
