import { randomBytes } from 'node:crypto'
import type * as z from 'zod/mini'
import { createCloud } from '@/lib/alicloud'
import { findSession, sessionLimits } from '@/lib/auth'
import { readConfig } from '@/lib/config'
import type { Endpoint } from '@/lib/contract/endpoint'
import { AppError } from '@/lib/contract/errors'
import type { SignIn } from '@/lib/contract/session'
import { createPacer, createVault } from '@/lib/db'
import { openTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { createLedger } from '@/lib/ledger'
import { type Assumptions, connectSandbox, type MemberOrder, type Persona, startSandbox } from '@/lib/sandbox'
import { type Context, operatorContext, type PublicContext, type Services } from './context'
import type { Access, UseCase } from './define'
import { createOutcomes } from './outcomes'
import { signIn, signInAsPersona } from './sign-in'

/** For tests only: the services of a console, each a real one: database, emulator, SDK, clock. */
export async function startTestConsole(
  env: Record<string, string> = {},
  assumptions: Partial<Assumptions> = {},
  open: () => Promise<Omit<TestDatabase, 'watched'>> = openTestDatabase,
) {
  const config = readConfig({ MUSTER_CALL_DEADLINE_SECONDS: '1.5', MUSTER_SETTLE_SECONDS: '5', ...env }, '/')
  const [database, emulator] = await Promise.all([open(), startSandbox({ port: 0, assumptions })])
  const sandbox = connectSandbox(emulator.url)
  const { db } = database
  const vault = createVault(randomBytes(32))
  const ledger = createLedger(db, vault, config, async () => emulator.clockOffsetSeconds())
  const services: Services = {
    config,
    db,
    storage: database.storage,
    vault,
    sandbox,
    work: { underWay: (work) => work, shutdown: new AbortController().signal },
    // As for the pacer below.
    signInWaitMs: 60_000,
    ledger,
    outcomes: createOutcomes({ db, ledger, vault, dataDir: null, report: () => {} }),
    cloudFor: createCloud({
      endpoints: { kind: 'sandbox', host: new URL(emulator.url).host },
      deadlineMs: config.callDeadlineMs,
      pacer: createPacer(db),
      // A machine that does much else gives up many a turn: no test is to be told "busy" for that.
      maxWaitMs: 30_000,
    }),
  }

  function visitor(overrides: Partial<PublicContext> = {}): PublicContext & { token: string | null } {
    const visit: PublicContext & { token: string | null } = {
      services,
      requestId: randomBytes(8).toString('hex'),
      address: '192.0.2.1',
      userAgent: 'test',
      language: 'en',
      token: null,
      report: () => {},
      cookie: {
        set: (token) => {
          visit.token = token
        },
        clear: () => {
          visit.token = null
        },
      },
      ...overrides,
    }
    return visit
  }

  const tokens = new WeakMap<Context, string>()

  /** The context that a cookie's token leads to, as `lib/http` builds it. */
  async function contextOf(token: string, visit: PublicContext = visitor()): Promise<Context> {
    const session = await findSession(db, vault, token, sessionLimits(config), true)
    if (!session) throw new AppError('signin.ended')
    return operatorContext(visit, session)
  }

  function signedInAs(persona: Persona['id']): Promise<Context> {
    return signedIn((visit) => signInAsPersona.run(visit, { persona }))
  }

  function signedInWith(key: SignIn): Promise<Context> {
    return signedIn((visit) => signIn.run(visit, key))
  }

  async function signedIn(enter: (visit: PublicContext) => Promise<unknown>): Promise<Context> {
    const visit = visitor()
    await enter(visit)
    const ctx = await contextOf(visit.token ?? '', visit)
    tokens.set(ctx, visit.token ?? '')
    return ctx
  }

  /** The same session at its next request; throws `signin.ended` when there is none any more. */
  function contextAgain(ctx: Context): Promise<Context> {
    return contextOf(tokens.get(ctx) ?? '')
  }

  /** A member nobody else uses. */
  async function newMember(
    order: MemberOrder = {},
    site: Persona['site'] = 'international',
  ): Promise<string> {
    const [id] = await sandbox.addMembers(site, [order])
    if (!id) throw new Error('the sandbox added no member')
    return id
  }

  return {
    services,
    sandbox,
    database,
    visitor,
    contextOf,
    signedInAs,
    signedInWith,
    contextAgain,
    newMember,
    async close() {
      await Promise.all([emulator.close(), database.close()])
    },
  }
}

export type TestConsole = Awaited<ReturnType<typeof startTestConsole>>

/** The failure a use case ends with; throws when it does not fail. */
export async function failureOf<E extends Endpoint, A extends Access>(
  useCase: UseCase<E, A>,
  ctx: Parameters<UseCase<E, A>['run']>[0],
  input: z.output<E['input']>,
): Promise<AppError> {
  try {
    await useCase.run(ctx, input)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('it was not refused')
}
