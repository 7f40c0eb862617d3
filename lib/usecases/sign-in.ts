import type * as z from 'zod/mini'
import { type Cloud, CloudError, type Directory, type Identity, operatorPolicy } from '@/lib/alicloud'
import { appendAudit, isAudited, tallySignIn } from '@/lib/audit'
import {
  type Attempt,
  beginAttempt,
  networkOf,
  type Session,
  type SessionCredentials,
  startSession,
  windowMinutes,
} from '@/lib/auth'
import type { Endpoint } from '@/lib/contract/endpoint'
import { AppError } from '@/lib/contract/errors'
import * as contract from '@/lib/contract/session'
import type { PublicContext } from './context'
import { outcomeOf, type UseCase } from './define'
import { personasOf } from './personas'
import { requireSpace } from './storage'

const action = 'session.sign_in'

export const signIn = signingIn(contract.signIn, (_, input) => input)

export const signInAsPersona = signingIn(contract.signInAsPersona, async ({ services }, { persona }) => {
  const found = (await personasOf(services)).find((one) => one.id === persona)
  if (!found) throw new AppError('page.not_found')
  const { site, keyId, secret, roleArn } = found
  return { site, accessKeyId: keyId, accessKeySecret: secret, roleArn }
})

/** Who a sign-in turns out to be, once Alibaba Cloud has said so. */
interface Known {
  identity?: Identity
}

type SignedIn = z.input<(typeof contract.signIn)['output']>

/**
 * A sign-in leaves `started` and `accepted` in the audit once everything is checked. What is refused or fails before is
 * only counted: nobody may fill a log that only grows. Why: docs/decisions/014.
 */
function signingIn<E extends Endpoint>(
  endpoint: E,
  keyed: (ctx: PublicContext, input: z.output<E['input']>) => contract.SignIn | Promise<contract.SignIn>,
): UseCase<E, 'public'> {
  return {
    endpoint,
    access: 'public',
    action,
    async run(ctx, input) {
      const known: Known = {}
      try {
        const output = await limited(ctx, await keyed(ctx, input), known)
        return endpoint.output.parse(output) as z.output<E['output']>
      } catch (error) {
        await tally(ctx, known, error).catch(ctx.report)
        throw error
      }
    },
  }
}

async function limited(ctx: PublicContext, input: contract.SignIn, known: Known): Promise<SignedIn> {
  // Before the attempt is counted, which is a change as well.
  await requireSpace(ctx.services)
  const { config, db, vault, signInWaitMs: waitMs } = ctx.services
  const { accessKeyId } = input
  refuseRealKeyInSandbox(ctx, accessKeyId)
  // Of the longest sign-in: five calls, each with its wait for a turn.
  const openSeconds = (5 * (config.callDeadlineMs + config.stalledMaxMs)) / 1000
  const attempt = await beginAttempt(db, vault, { accessKeyId, address: ctx.address, openSeconds, waitMs })
  if (attempt === 'limited') {
    throw new AppError('signin.too_many_failures', { params: { minutes: windowMinutes } })
  }
  if (attempt === 'busy') throw new AppError('signin.busy')
  const end = (outcome: Parameters<Attempt['end']>[0]) => attempt.end(outcome).catch(ctx.report)
  try {
    const output = await open(ctx, input, attempt, known)
    await end('passed')
    return output
  } catch (error) {
    await end(isGuess(error) ? 'failed' : 'other')
    throw error
  }
}

/** Counts what did not succeed: under its account where that may sign in here, else under none. */
async function tally({ services, address }: PublicContext, { identity }: Known, error: unknown) {
  const { config, db } = services
  const accountId = identity?.accountId ?? null
  // Where any account may sign in, those count that have.
  const ours =
    accountId !== null &&
    (config.accounts ? config.accounts.includes(accountId) : await isAudited(db, accountId))
  await tallySignIn(db, {
    accountId: ours ? accountId : null,
    outcome: outcomeOf(error),
    code: error instanceof AppError ? error.code : 'internal',
    network: networkOf(address),
  })
}

/** Checks who the key belongs to and what it may start, then keeps the least that serves: a role's session where one is given. */
async function open(
  ctx: PublicContext,
  input: contract.SignIn,
  attempt: Attempt,
  known: Known,
): Promise<SignedIn> {
  const { config, db, vault } = ctx.services
  const { site, roleArn = null, securityToken } = input
  const { identity, directory, signed } = await check(ctx, input, attempt, known)
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
    address: ctx.address,
    action,
    target: null,
    correlationId: ctx.requestId,
    detail: { site, ...(roleArn && { roleArn }) },
  }
  const token = await db.transaction(async (tx) => {
    const session = {
      ...who,
      site,
      directoryId: directory?.directoryId ?? null,
      arn: signed.arn,
      // The name in a session that came from outside was chosen by whoever assumed its role.
      userArn: identity.type === 'ram_user' && !securityToken ? identity.arn : null,
      roleArn,
      credentials: signed.credentials,
      address: ctx.address,
      userAgent: ctx.userAgent,
      endsAt,
    }
    const started = await startSession(tx, vault, session, ctx.cookie.held)
    // No call lies between them: one without the other would be of a sign-in that nobody can tell the end of.
    await appendAudit(tx, { ...entry, outcome: 'started' })
    await appendAudit(tx, { ...entry, outcome: 'accepted' })
    return started.token
  })
  ctx.cookie.set(token, Math.floor((endsAt.getTime() - Date.now()) / 1000))
  return { operatorName: identity.name, hasDirectory: directory !== null }
}

function methodOf({ type }: Identity, roleArn: string | null): Session['method'] {
  if (type === 'role') return 'role_session'
  return roleArn ? 'assumed_role' : 'access_key'
}

/** Real keys never reach an emulator, nor the log of one. */
function refuseRealKeyInSandbox(ctx: PublicContext, accessKeyId: string): void {
  if (ctx.services.config.cloud === 'sandbox' && !/^(SANDBOX-|STS\.)/.test(accessKeyId)) {
    throw new AppError('signin.sandbox_keys_only', { fields: { accessKeyId: 'signin.sandbox_keys_only' } })
  }
}

interface Signed {
  credentials: SessionCredentials
  /** Whose they are. */
  arn: string
  endsAt: Date | null
}

interface Checked {
  /** The key's owner: who acts. */
  identity: Identity
  directory: Directory | null
  /** What the session's calls are signed with: always of the same account. */
  signed: Signed
}

async function check(
  ctx: PublicContext,
  { accessKeyId, accessKeySecret, securityToken, site, roleArn }: contract.SignIn,
  attempt: Attempt,
  known: Known,
): Promise<Checked> {
  const { cloudFor, config } = ctx.services
  const credentials: SessionCredentials = {
    accessKeyId,
    accessKeySecret,
    ...(securityToken ? { securityToken } : {}),
  }
  const asKey = cloudFor({ credentials, site, accountId: null })
  const identity = await asKey.callerIdentity()
  known.identity = identity
  const { accountId } = identity
  if (config.accounts && !config.accounts.includes(accountId)) {
    throw new AppError('signin.account_not_allowed')
  }
  if (identity.type === 'root') throw new AppError('signin.root_refused')
  await attempt.proven()
  const signed = roleArn
    ? await assume(ctx, { asKey, identity, site, roleArn })
    : { credentials, arn: identity.arn, endsAt: null }
  const { name } = identity
  const directory = await cloudFor({ credentials: signed.credentials, site, accountId, name }).directory()
  if (directory && directory.managementAccountId !== accountId) {
    throw new AppError('signin.not_management_account', {
      params: { managementAccount: directory.managementAccountId },
    })
  }
  return { identity, directory, signed }
}

interface RoleInput {
  asKey: Cloud
  identity: Identity
  site: contract.SignIn['site']
  roleArn: string
}

/** A role may trust users of other accounts. The session stands under the key's account, so the role must be of it. */
async function assume(ctx: PublicContext, { asKey, identity, site, roleArn }: RoleInput): Promise<Signed> {
  const { accountId } = identity
  if (contract.accountOfRole(roleArn) !== accountId) throw roleOfOtherAccount(accountId)
  const { credentials, endsAt } = await assumeRole(ctx, asKey, {
    roleArn,
    sessionName: sessionName(identity.name),
  })
  // What the calls are signed with has the last word, not the ARN that was typed.
  const role = await ctx.services.cloudFor({ credentials, site, accountId }).callerIdentity()
  if (role.accountId !== accountId) throw roleOfOtherAccount(accountId)
  return { credentials, arn: role.arn, endsAt }
}

function roleOfOtherAccount(account: string): AppError {
  const code = 'signin.role_of_other_account'
  return new AppError(code, { fields: { roleArn: code }, params: { account } })
}

/**
 * RAM's own longest session is the role's setting, one hour unless an administrator raised it: the longest is asked for
 * first, and one hour when the role does not allow it.
 */
async function assumeRole(ctx: PublicContext, cloud: Cloud, role: { roleArn: string; sessionName: string }) {
  const wanted = Math.max(900, Math.min(43_200, Math.round(ctx.services.config.sessionHours * 3600)))
  const input = { ...role, policy: operatorPolicy() }
  try {
    return await cloud.assumeRole({ ...input, durationSeconds: wanted })
  } catch (error) {
    const tooLong = error instanceof CloudError && error.upstream?.code === 'InvalidParameter.DurationSeconds'
    if (!tooLong || wanted <= 3600) throw error
    return cloud.assumeRole({ ...input, durationSeconds: 3600 })
  }
}

/** What ActionTrail shows beside the role: the person, in the characters RAM allows. */
function sessionName(name: string): string {
  return name
    .replace(/[^A-Za-z0-9.@_-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-')
}

/** Only what a guesser would cause counts: not an outage, nor a refusal that needs a right key; see `Attempt.end`, too. */
function isGuess(error: unknown): boolean {
  return error instanceof AppError && /^signin\.(?!role_)/.test(error.code)
}
