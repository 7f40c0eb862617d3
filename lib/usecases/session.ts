import type * as z from 'zod/mini'
import { type Cloud, CloudError, type Identity, operatorPolicy } from '@/lib/alicloud'
import {
  countAttempt,
  endAllSessions,
  endSession,
  forgetAttempt,
  listSessions as listSessionRows,
  type SessionCredentials,
  startSession,
  windowMinutes,
} from '@/lib/auth'
import type { Endpoint } from '@/lib/contract/endpoint'
import { AppError } from '@/lib/contract/errors'
import * as contract from '@/lib/contract/session'
import { readingState } from '@/lib/mirror'
import type { Context, PublicContext } from './context'
import { type AuditNote, mutation, query, type UseCase } from './define'
import { personasOf } from './personas'

export const signIn = limited(
  mutation(contract.signIn, { access: 'public', action: 'session.sign_in', run: open }),
  (_, { accessKeyId }) => accessKeyId,
)

export const signInAsPersona = limited(
  mutation(contract.signInAsPersona, {
    access: 'public',
    action: 'session.sign_in',
    async run(ctx, { persona }, note) {
      const { site, keyId, secret, roleArn } = await personaOf(ctx, persona)
      return open(ctx, { site, accessKeyId: keyId, accessKeySecret: secret, roleArn }, note)
    },
  }),
  async (ctx, { persona }) => (await personaOf(ctx, persona)).keyId,
)

async function personaOf({ services }: PublicContext, id: string) {
  const persona = (await personasOf(services)).find((one) => one.id === id)
  if (!persona) throw new AppError('page.not_found')
  return persona
}

export const signOut = mutation(contract.signOut, {
  access: 'session',
  action: 'session.sign_out',
  async run(ctx) {
    await endSession(ctx.services.db, ctx.session.id)
    ctx.cookie.clear()
    return {}
  },
})

export const signOutEverywhere = mutation(contract.signOutEverywhere, {
  access: 'session',
  action: 'session.sign_out_everywhere',
  async run(ctx) {
    await endAllSessions(ctx.services.db, ctx.session)
    ctx.cookie.clear()
    return {}
  },
})

export const listSessions = query(contract.listSessions, {
  access: 'session',
  async run(ctx) {
    const { config, db } = ctx.services
    const rows = await listSessionRows(db, ctx.session, { idleMinutes: config.sessionIdleMinutes })
    return {
      sessions: rows.map((row) => ({
        ...row,
        current: row.id === ctx.session.id,
        createdAt: row.createdAt.toISOString(),
        lastSeenAt: row.lastSeenAt.toISOString(),
        endsAt: row.endsAt.toISOString(),
      })),
    }
  },
})

export const getMe = query(contract.getMe, { access: 'session', run: me })

export const staySignedIn = query(contract.staySignedIn, { access: 'session', run: me })

async function me({ session, services }: Context): Promise<contract.Me> {
  const { idle, end } = session.secondsLeft
  const { name } = session.directoryId ? await readingState(services.db, session.accountId) : { name: null }
  return {
    operatorName: session.operatorName,
    arn: session.arn,
    accountId: session.accountId,
    site: session.site,
    method: session.method,
    directory: session.directoryId ? { id: session.directoryId, name } : null,
    secondsLeft: Math.floor(Math.min(idle, end)),
    extendable: idle < end,
    secondsToEnd: Math.floor(end),
    cloud: services.config.cloud,
  }
}

type SignInInput = contract.SignIn

/** Checks who the key belongs to and what it may start, then keeps the least that serves: a role's session where one is given. */
async function open(ctx: PublicContext, input: SignInInput, note: AuditNote) {
  const { config, db, vault } = ctx.services
  const { identity, directory, signed } = await check(ctx, input)
  const longest = config.sessionHours * 3_600_000
  const endsAt = new Date(
    Math.min(Date.now() + longest, signed.endsAt?.getTime() ?? Number.POSITIVE_INFINITY),
  )
  const { token } = await startSession(
    db,
    vault,
    {
      site: input.site,
      accountId: identity.accountId,
      directoryId: directory?.directoryId ?? null,
      operatorId: identity.principalId,
      operatorName: identity.name,
      arn: signed.arn ?? identity.arn,
      // The name in a session that came from outside was chosen by whoever assumed its role.
      userArn: identity.type === 'ram_user' && !input.securityToken ? identity.arn : null,
      method: signed.arn ? 'assumed_role' : 'access_key',
      roleArn: input.roleArn ?? null,
      credentials: signed.credentials,
      address: ctx.address,
      userAgent: ctx.userAgent,
      endsAt,
    },
    ctx.cookie.held,
  )
  ctx.cookie.set(token, Math.floor((endsAt.getTime() - Date.now()) / 1000))
  note.who = {
    accountId: identity.accountId,
    operatorId: identity.principalId,
    operatorName: identity.name,
    method: signed.arn ? 'assumed_role' : 'access_key',
  }
  return { operatorName: identity.name, hasDirectory: directory !== null }
}

/**
 * A sign-in that counts as a wrong guess until it proves to be none. What is refused before anything is tried leaves no
 * audit rows: the log only grows, and nobody is known yet.
 */
function limited<E extends Endpoint>(
  useCase: UseCase<E, 'public'>,
  keyOf: (ctx: PublicContext, input: z.output<E['input']>) => string | Promise<string>,
): UseCase<E, 'public'> {
  return {
    ...useCase,
    async run(ctx, input) {
      const { db, vault } = ctx.services
      const accessKeyId = await keyOf(ctx, input)
      refuseRealKeyInSandbox(ctx, accessKeyId)
      const attempt = await countAttempt(db, vault, { accessKeyId, address: ctx.address })
      if (attempt === null)
        throw new AppError('signin.too_many_failures', { params: { minutes: windowMinutes } })
      try {
        const output = await useCase.run(ctx, input)
        await forgetAttempt(db, attempt)
        return output
      } catch (error) {
        if (!isGuess(error)) await forgetAttempt(db, attempt)
        throw error
      }
    },
  }
}

/** Real keys never reach an emulator, nor the log of one. */
function refuseRealKeyInSandbox(ctx: PublicContext, accessKeyId: string): void {
  if (ctx.services.config.cloud === 'sandbox' && !/^(SANDBOX-|STS\.)/.test(accessKeyId)) {
    throw new AppError('signin.sandbox_keys_only', { fields: { accessKeyId: 'signin.sandbox_keys_only' } })
  }
}

async function check(ctx: PublicContext, input: SignInInput) {
  const { accessKeyId, accessKeySecret, securityToken, site, roleArn } = input
  const credentials: SessionCredentials = {
    accessKeyId,
    accessKeySecret,
    ...(securityToken ? { securityToken } : {}),
  }
  const asKey = ctx.services.cloudFor({ credentials, site, accountId: null })
  const identity = await asKey.callerIdentity()
  if (identity.type === 'root') throw new AppError('signin.root_refused')
  const signed = roleArn
    ? await assume(ctx, asKey, identity, roleArn)
    : { credentials, arn: null, endsAt: null }
  const cloud = ctx.services.cloudFor({
    credentials: signed.credentials,
    site,
    accountId: identity.accountId,
  })
  const directory = await cloud.directory()
  if (directory && directory.managementAccountId !== identity.accountId) {
    throw new AppError('signin.not_management_account', {
      params: { managementAccount: directory.managementAccountId },
    })
  }
  return { identity, directory, signed }
}

/**
 * RAM's own longest session is the role's setting, one hour unless an administrator raised it: the longest is asked for
 * first, and one hour when the role does not allow it.
 */
async function assume(ctx: PublicContext, cloud: Cloud, identity: Identity, roleArn: string) {
  const wanted = Math.max(900, Math.min(43_200, Math.round(ctx.services.config.sessionHours * 3600)))
  const input = { roleArn, sessionName: sessionName(identity.name), policy: operatorPolicy() }
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

/** Only what a guesser would cause counts: not an outage, and nothing that a proven key meets afterwards. */
function isGuess(error: unknown): boolean {
  return error instanceof AppError && /^signin\.(?!role_)/.test(error.code)
}
