import type * as z from 'zod/mini'
import type { Identity } from '@/lib/alicloud'
import { appendAudit, isAudited, tallySignIn } from '@/lib/audit'
import { type Attempt, beginAttempt, networkOf, type Session, startSession, windowMinutes } from '@/lib/auth'
import type { Endpoint } from '@/lib/contract/endpoint'
import { AppError } from '@/lib/contract/errors'
import * as contract from '@/lib/contract/session'
import type { Nobody } from '../actor'
import { defineUseCase, outcomeOf, type UseCase } from '../define'
import { WithEffect } from '../effect'
import { requireSpace } from '../storage'
import { identify, type Known } from './identify'
import { personasOf } from './personas'

const action = 'session.sign_in'

/**
 * Signs in with an AccessKey pair.
 * @throws AppError `storage.full`, `signin.sandbox_keys_only`, `signin.too_many_failures` or `signin.busy`; the codes of
 *   `identify`
 * @throws CloudError see `identify`
 */
export const signIn = signingIn(contract.signIn, (_, input) => input)

/** Signs in as a test user of the sandbox. @throws AppError `page.not_found` for an unknown one; the codes of `signIn` */
export const signInAsPersona = signingIn(contract.signInAsPersona, async ({ services }, { persona }) => {
  const found = (await personasOf(services)).find((one) => one.id === persona)
  if (!found) throw new AppError('page.not_found')
  const { site, keyId, secret, roleArn } = found
  return { site, accessKeyId: keyId, accessKeySecret: secret, roleArn }
})

type Output = (typeof contract.signIn)['output']
type SignedIn = WithEffect<z.input<Output>>

/**
 * A successful sign-in writes `started` and `accepted` to the audit once everything is checked. Failed ones are only counted,
 * so that no one can flood an append-only log. Why: docs/decisions, 014.
 */
function signingIn<Input extends z.ZodMiniType>(
  endpoint: Endpoint<Input, Output>,
  keyed: (actor: Nobody, input: z.output<Input>) => contract.SignIn | Promise<contract.SignIn>,
): UseCase<Endpoint<Input, Output>, 'public'> {
  return defineUseCase({ endpoint, access: 'public', action, refreshes: [] }, async (actor, input) => {
    const known: Known = {}
    try {
      return await limited(actor, await keyed(actor, input), known)
    } catch (error) {
      await tally(actor, known, error).catch(actor.report)
      throw error
    }
  })
}

async function limited(actor: Nobody, input: contract.SignIn, known: Known): Promise<SignedIn> {
  // Before the attempt is counted, since that writes to the database.
  await requireSpace(actor.services)
  const { config, db, vault, signInWaitMs: waitMs } = actor.services
  const { accessKeyId } = input
  refuseRealKeyInSandbox(actor, accessKeyId)
  // The longest sign-in makes five calls, each with a wait for its turn.
  const openSeconds = (5 * (config.callDeadlineMs + config.stalledMaxMs)) / 1000
  const attempt = await beginAttempt(db, vault, {
    accessKeyId,
    address: actor.client.address,
    openSeconds,
    waitMs,
  })
  if (attempt === 'limited') {
    throw new AppError('signin.too_many_failures', { params: { minutes: windowMinutes } })
  }
  if (attempt === 'busy') throw new AppError('signin.busy')
  const end = (outcome: Parameters<Attempt['end']>[0]) => attempt.end(outcome).catch(actor.report)
  try {
    const output = await open(actor, input, attempt, known)
    await end('passed')
    return output
  } catch (error) {
    await end(isGuess(error) ? 'failed' : 'other')
    throw error
  }
}

/** Counts a failed sign-in, for its account if that may sign in here, otherwise for none. */
async function tally({ services, client }: Nobody, { identity }: Known, error: unknown) {
  const { config, db } = services
  const accountId = identity?.accountId ?? null
  // If any account may sign in, only those that already have audit rows count as ours.
  const ours =
    accountId !== null &&
    (config.accounts ? config.accounts.includes(accountId) : await isAudited(db, accountId))
  await tallySignIn(db, {
    accountId: ours ? accountId : null,
    outcome: outcomeOf(error),
    code: error instanceof AppError ? error.code : 'internal',
    network: networkOf(client.address),
  })
}

/** Identifies the operator and stores the session with the weakest sufficient credentials: the role's, if one is given. */
async function open(
  actor: Nobody,
  input: contract.SignIn,
  attempt: Attempt,
  known: Known,
): Promise<SignedIn> {
  const { config, db, vault } = actor.services
  const { address, userAgent, token: heldToken } = actor.client
  const { site, roleArn = null, securityToken } = input
  const { identity, directory, signed } = await identify(actor, input, attempt, known)
  const longest = config.sessionHours * 3_600_000
  const endsAt = new Date(
    Math.min(Date.now() + longest, signed.endsAt?.getTime() ?? Number.POSITIVE_INFINITY),
  )
  const who = {
    accountId: identity.accountId,
    operatorId: identity.principalId,
    operatorName: identity.name,
    method: methodOf(identity, roleArn),
  }
  const entry = {
    ...who,
    address: actor.origin,
    action,
    target: null,
    correlationId: actor.requestId,
    detail: { site, ...(roleArn && { roleArn }) },
  }
  const token = await db.transaction(async (tx) => {
    const session = {
      ...who,
      site,
      directoryId: directory?.directoryId ?? null,
      arn: signed.arn,
      // The name in a role session from elsewhere was chosen by the person who assumed the role.
      userArn: identity.type === 'ram_user' && !securityToken ? identity.arn : null,
      roleArn,
      credentials: signed.credentials,
      address,
      userAgent,
      endsAt,
    }
    const started = await startSession(tx, vault, session, heldToken)
    // Both in one transaction: a `started` row alone would be a sign-in of unknown outcome.
    await appendAudit(tx, { ...entry, outcome: 'started' })
    await appendAudit(tx, { ...entry, outcome: 'accepted' })
    return started.token
  })
  const maxAgeSeconds = Math.floor((endsAt.getTime() - Date.now()) / 1000)
  return new WithEffect(
    { operatorName: identity.name, hasDirectory: directory !== null },
    { kind: 'startSession', token, maxAgeSeconds },
  )
}

function methodOf({ type }: Identity, roleArn: string | null): Session['method'] {
  if (type === 'role') return 'role_session'
  return roleArn ? 'assumed_role' : 'access_key'
}

/** Real keys never reach an emulator or its log. */
function refuseRealKeyInSandbox(actor: Nobody, accessKeyId: string): void {
  if (actor.services.config.cloud === 'sandbox' && !/^(SANDBOX-|STS\.)/.test(accessKeyId)) {
    throw new AppError('signin.sandbox_keys_only', { fields: { accessKeyId: 'signin.sandbox_keys_only' } })
  }
}

/** Only failures that guessing causes count: no outages, no refusals that require a correct key. See also `Attempt.end`. */
function isGuess(error: unknown): boolean {
  return error instanceof AppError && /^signin\.(?!role_)/.test(error.code)
}
