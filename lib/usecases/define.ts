import type * as z from 'zod/mini'
import { CloudError } from '@/lib/alicloud'
import { type AuditEntry, appendAudit } from '@/lib/audit'
import { endSession, rememberAccepted } from '@/lib/auth'
import { type AuditValue, auditedPart } from '@/lib/contract/audited'
import type { Endpoint } from '@/lib/contract/endpoint'
import { AppError } from '@/lib/contract/errors'
import { type Db, isStorageAway } from '@/lib/db'
import { isKept } from '@/lib/spool'
import { type Context, type PublicContext, requireDirectory } from './context'
import { appErrorOf } from './failure'
import { requireSpace, unsent } from './storage'

/** Who may run a use case: anybody, a signed-in operator, or one who may list the directory. */
export type Access = 'public' | 'session' | 'directory'

type ContextOf<A extends Access> = A extends 'public' ? PublicContext : Context

export interface UseCase<E extends Endpoint = Endpoint, A extends Access = Access> {
  endpoint: E
  access: A
  /** Of the audit rows that it leaves; null = it changes nothing and leaves none. */
  action: string | null
  run(ctx: ContextOf<A>, input: z.output<E['input']>): Promise<z.output<E['output']>>
}

interface Query<E extends Endpoint, A extends Access> {
  access: A
  run(ctx: ContextOf<A>, input: z.output<E['input']>): Promise<z.input<E['output']>>
}

/** A use case that changes nothing, here or upstream. */
export function query<E extends Endpoint, A extends Access>(
  endpoint: E,
  definition: Query<E, A>,
): UseCase<E, A> {
  return {
    endpoint,
    access: definition.access,
    action: null,
    run: async (ctx, input) =>
      endpoint.output.parse(await guarded(definition, ctx, input)) as z.output<E['output']>,
  }
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
  target?(input: Partial<z.output<E['input']>>, ctx: ContextOf<A>): string | undefined
  /** Tried also while nothing may be changed for lack of space: it calls nobody, and makes nothing larger. */
  evenWithoutSpace?: true
  run(ctx: ContextOf<A>, input: z.output<E['input']>, note: AuditNote): Promise<z.input<E['output']>>
}

/**
 * A use case that changes something: it leaves a `started` row before and an outcome row after, whatever happens. What
 * is refused for lack of space leaves neither.
 */
export function mutation<E extends Endpoint, A extends Exclude<Access, 'public'>>(
  endpoint: E,
  definition: Mutation<E, A>,
): UseCase<E, A> {
  return {
    endpoint,
    access: definition.access,
    action: definition.action,
    async run(ctx, input) {
      if (!definition.evenWithoutSpace) await requireSpace(ctx.services)
      const { db, outcomes } = ctx.services
      const note: AuditNote = { closing: () => ({ ...entry(), ...noted(note, 'accepted') }) }
      const detail = auditedPart(endpoint.input, input) as Partial<z.output<E['input']>> & AuditDetail
      const entry = () => ({
        ...whoOf(ctx),
        address: ctx.address,
        action: definition.action,
        target: definition.target?.(detail, ctx) ?? null,
        correlationId: ctx.requestId,
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
      let output: z.input<E['output']>
      try {
        output = await guarded({ ...definition, run: (c, i) => definition.run(c, i, note) }, ctx, input)
      } catch (error) {
        await noteAccepted(ctx)
        await close(failureFacts(error, note))
        throw unsaved(error, note) ?? error
      }
      await noteAccepted(ctx)
      await close(noted(note, 'accepted'))
      return endpoint.output.parse(output) as z.output<E['output']>
    },
  }
}

/** Keeps what the operator was seen to be allowed. An answer stays what it is, whether or not this can be kept. */
async function noteAccepted(ctx: PublicContext | Context): Promise<void> {
  if (!('session' in ctx)) return
  try {
    await rememberAccepted(ctx.services.db, ctx.session, [...ctx.accepted])
    ctx.accepted.clear()
  } catch (error) {
    ctx.report(error)
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
export async function auditFinding(tx: Db, ctx: Context, finding: Finding): Promise<void> {
  const { address, requestId: correlationId } = ctx
  await appendAudit(tx, { ...whoOf(ctx), ...finding, address, outcome: 'accepted', correlationId })
}

/**
 * Runs a definition behind its access check; credentials that Alibaba Cloud no longer takes end the session. Its cookie
 * stays until a route answers: a page that renders cannot change cookies.
 */
async function guarded<E extends Endpoint, A extends Access>(
  definition: Query<E, A>,
  ctx: ContextOf<A>,
  input: z.output<E['input']>,
): Promise<z.input<E['output']>> {
  try {
    if (definition.access === 'directory' && 'session' in ctx) await requireDirectory(ctx)
    return await definition.run(ctx, input)
  } catch (error) {
    if (error instanceof CloudError && error.endsSession && 'session' in ctx) {
      await endRefusedSession(ctx, error)
      throw new AppError('signin.ended', { upstream: error.upstream }, { cause: error })
    }
    throw error
  }
}

/** Ends the session whose credentials Alibaba Cloud refused, and leaves its audit row; once, however many calls find it. */
export async function endRefusedSession(ctx: Context, { code, upstream }: CloudError): Promise<void> {
  await ctx.services.db.transaction(async (tx) => {
    if (!(await endSession(tx, ctx.session.id))) return
    const detail = { code: wordOf(upstream?.code) ?? code, requestId: wordOf(upstream?.requestId) }
    await auditFinding(tx, ctx, { action: 'session.end', target: ctx.session.accountId, detail })
  })
}

function whoOf({ session: { accountId, operatorId, operatorName, method } }: Context) {
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
