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

/** Who may run a use case: anybody, a signed-in operator, or one who may list the directory. */
export type Access = 'public' | 'session' | 'directory'

export type ActorOf<A extends Access> = A extends 'public' ? Nobody : Operator

export interface UseCase<E extends Endpoint = Endpoint, A extends Access = Access> {
  endpoint: E
  access: A
  /** Of the audit rows that it leaves; null = it is a query and leaves none. */
  action: string | null
  /** What a query brings up to date before it answers; empty = beside the check of access it writes nothing. */
  refreshes: readonly Refreshed[]
  run(actor: ActorOf<A>, input: z.output<E['input']>): Promise<z.output<E['output']>>
  /** The same for a caller that keeps a session's token. */
  perform(actor: ActorOf<A>, input: z.output<E['input']>): Promise<Done<z.output<E['output']>>>
}

/**
 * What this console keeps of Alibaba Cloud's own state, and of its calls: a query may write what an answer says of it, and
 * what time alone has ended, never what somebody asked for.
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

/** A use case that changes nothing, here or upstream, but for what it `refreshes`. */
export function query<E extends Endpoint, A extends Access>(
  endpoint: E,
  definition: Query<E, A>,
): UseCase<E, A> {
  const { access, refreshes = [] } = definition
  return defineUseCase({ endpoint, access, action: null, refreshes }, (actor, input) =>
    guarded(definition, actor, input),
  )
}

/** @param perform what it does, before its answer is checked */
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

/** What a mutation learns while it runs and the audit's closing row holds. */
export interface AuditNote {
  /** Set as soon as Alibaba Cloud's answer is known, or that there can be none: what fails here afterwards does not make it untrue. */
  outcome?: 'accepted' | 'refused' | 'unknown' | 'failed'
  code?: string
  upstreamRequestId?: string
  /** The closing row as it is known by now, for whoever writes it together with the outcome in the ledger. */
  closing(): AuditEntry
  /** That was done, or will be as soon as the database is back. */
  closed?: boolean
}

interface Mutation<E extends Endpoint, A extends Exclude<Access, 'public'>> {
  access: A
  /** `area.verb`: the audit row's action and the key of its label. */
  action: string
  /** What is acted on, by what the audit may hold of the input: see `audited`. */
  target?(input: Partial<z.output<E['input']>>, actor: ActorOf<A>): string | undefined
  /** Whether a refusal leaves the step that asked nothing to do: the reply says so. */
  closes?(code: ErrorCode, input: z.output<E['input']>): boolean
  /** Tried also while nothing may be changed for lack of space: it calls nobody, and makes nothing larger. */
  evenWithoutSpace?: true
  run(...run: [...Parameters<Run<E, A>>, note: AuditNote]): ReturnType<Run<E, A>>
}

/**
 * A use case that changes something: it leaves a `started` row before and an outcome row after, whatever happens. What
 * is refused for lack of space leaves neither.
 */
export function mutation<E extends Endpoint, A extends Exclude<Access, 'public'>>(
  endpoint: E,
  definition: Mutation<E, A>,
): UseCase<E, A> {
  const { access, action } = definition
  return defineUseCase({ endpoint, access, action, refreshes: [] }, async (actor, input) => {
    if (!definition.evenWithoutSpace) await requireSpace(actor.services)
    const { db, outcomes } = actor.services
    const note: AuditNote = { closing: () => ({ ...entry(), ...noted(note, 'accepted') }) }
    const detail = auditedPart(endpoint.input, input) as Partial<z.output<E['input']>> & AuditDetail
    const entry = () => ({
      ...whoOf(actor),
      address: actor.origin,
      action,
      target: definition.target?.(detail, actor) ?? null,
      correlationId: actor.requestId,
      detail,
    })
    /** Closes the action, at the latest when the database is back. */
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
      await noteAccepted(actor)
      await close(failureFacts(error, note))
      if (error instanceof AppError && definition.closes?.(error.code, input)) error.closes = true
      throw unsaved(error, note) ?? error
    }
    await noteAccepted(actor)
    await close(noted(note, 'accepted'))
    return output
  })
}

/** Keeps what the operator was seen to be allowed. An answer stays what it is, whether or not this can be kept. */
async function noteAccepted(actor: Nobody | Operator): Promise<void> {
  if (actor.kind !== 'operator') return
  try {
    await rememberAccepted(actor.services.db, actor, [...actor.accepted])
    actor.accepted.clear()
  } catch (error) {
    actor.report(error)
  }
}

/** What was found out beside the verb that runs, where something here follows from it: a query leaves no other trace. */
export interface Finding {
  /** `area.verb`, of what followed. */
  action: string
  target: string
  detail: AuditDetail
}

type AuditDetail = Record<string, AuditValue | undefined>

/** Leaves the audit row of a finding, as the last statement of the transaction that draws its consequence. */
export async function auditFinding(tx: Db, actor: Operator, finding: Finding): Promise<void> {
  const { origin: address, requestId: correlationId } = actor
  await appendAudit(tx, { ...whoOf(actor), ...finding, address, outcome: 'accepted', correlationId })
}

/**
 * Runs a definition behind its access check; credentials that Alibaba Cloud no longer takes end the session.
 */
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

/** Ends the session whose credentials Alibaba Cloud refused, and leaves its audit row; once, however many calls find it. */
export async function endRefusedSession(actor: Operator, { code, upstream }: CloudError): Promise<void> {
  await actor.services.db.transaction(async (tx) => {
    if (!(await endSession(tx, actor.session.id))) return
    const detail = { code: wordOf(upstream?.code) ?? code, requestId: wordOf(upstream?.requestId) }
    await auditFinding(tx, actor, { action: 'session.end', target: actor.accountId, detail })
  })
}

function whoOf({ accountId, operatorId, operatorName, method }: Operator) {
  return { accountId, operatorId, operatorName, method }
}

/** Alibaba Cloud has answered, and the database failed afterwards: what was answered is what the operator is told. */
function unsaved(error: unknown, { outcome, upstreamRequestId }: AuditNote): AppError | null {
  if (!outcome || outcome === 'failed' || !(isKept(error) || isStorageAway(error))) return null
  const params = { outcome, requestId: upstreamRequestId ?? 'none' }
  return new AppError('storage.outcome_unsaved', { params }, { cause: error })
}

function noted(note: AuditNote, outcome: NonNullable<AuditNote['outcome']>) {
  return {
    outcome: note.outcome ?? outcome,
    code: wordOf(note.code),
    upstreamRequestId: wordOf(note.upstreamRequestId),
  }
}

/** A code or an id as Alibaba Cloud answered it; whatever has another form may hold anything, and is not kept. */
function wordOf(text: string | undefined): string | null {
  return text !== undefined && /^[\w.:-]{1,128}$/.test(text) ? text : null
}

function failureFacts(error: unknown, note: AuditNote) {
  if (note.outcome) return noted(note, note.outcome)
  const known = error instanceof AppError ? error : undefined
  const { code } = appErrorOf(error)
  return {
    outcome: outcomeOf(error),
    code: wordOf(note.code ?? known?.upstream?.code) ?? code,
    upstreamRequestId: wordOf(note.upstreamRequestId ?? known?.upstream?.requestId),
  }
}

export function outcomeOf(error: unknown): 'refused' | 'unknown' | 'failed' {
  if (error instanceof CloudError) return error.executed === 'no' ? 'refused' : 'unknown'
  return error instanceof AppError ? 'refused' : 'failed'
}

/** Failures the server's log must show: ours, and calls that Alibaba Cloud did not answer or not intelligibly. */
export function needsLog(error: unknown): boolean {
  if (error instanceof CloudError && error.kind !== 'refused')
    return error.kind === 'silent' || error.kind === 'not_understood'
  if (!(error instanceof AppError)) return true
  return ['internal', 'cloud.not_sent', 'storage.outcome_unsaved', 'storage.unavailable'].includes(error.code)
}
