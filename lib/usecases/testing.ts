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
import { createJobs } from '@/lib/jobs'
import { createLedger } from '@/lib/ledger'
import { type Assumptions, connectSandbox, type MemberOrder, type Persona, startSandbox } from '@/lib/sandbox'
import { type Nobody, type Operator, operatorOf, type Reader } from './actor'
import type { Access, UseCase } from './define'
import type { Done } from './effect'
import { createOutcomes } from './outcomes'
import type { Services } from './services'
import type { Client } from './sign-in/client'
import { signIn, signInAsPersona } from './sign-in/sign-in'

/** For tests only: a console with real services: database, emulator, SDK, clock. */
export async function startTestConsole(
  env: Record<string, string> = {},
  assumptions: Partial<Assumptions> = {},
  open: () => Promise<Omit<TestDatabase, 'watched'>> = openTestDatabase,
) {
  const config = readConfig({ MUSTER_CALL_DEADLINE_SECONDS: '1.5', MUSTER_SETTLE_SECONDS: '5', ...env }, '/')
  const [database, emulator] = await Promise.all([open(), startSandbox({ port: 0, assumptions })])
  const sandbox = connectSandbox(emulator.url)
  const { db, run } = database
  const vault = createVault(randomBytes(32))
  const ledger = createLedger(db, vault, config, async () => emulator.clockOffsetSeconds())
  const work: Services['work'] = { underWay: (promise) => promise, shutdown: new AbortController().signal }
  const services: Services = {
    config,
    db,
    storage: database.storage,
    vault,
    sandbox,
    work,
    jobs: createJobs({ db, run, work, report: { problem: () => {}, failure: () => {} } }),
    // As long as for the pacer below.
    signInWaitMs: 60_000,
    ledger,
    outcomes: createOutcomes({ db, ledger, vault, dataDir: null, report: () => {} }),
    cloudFor: createCloud({
      endpoints: { kind: 'sandbox', host: new URL(emulator.url).host },
      deadlineMs: config.callDeadlineMs,
      pacer: createPacer(db),
      // A busy machine misses turns. No test should fail as busy because of that.
      maxWaitMs: 30_000,
    }),
  }

  /** A browser before sign-in. */
  function visitor(given: Partial<Client & Pick<Reader, 'services'>> = {}): Nobody {
    const { address = '192.0.2.1', userAgent = 'test', token } = given
    return {
      ...readerOf(address),
      services: given.services ?? services,
      kind: 'nobody',
      client: { address, userAgent, token },
    }
  }

  function readerOf(origin = '192.0.2.1'): Reader {
    return {
      services,
      requestId: randomBytes(8).toString('hex'),
      origin,
      language: 'en',
      report: () => {},
    }
  }

  const tokens = new WeakMap<Operator, string>()

  /** The operator of a session token, as `lib/http` determines it. */
  async function actorOf(token: string, reader = readerOf()): Promise<Operator> {
    const session = await findSession(db, vault, token, sessionLimits(config), true)
    if (!session) throw new AppError('signin.ended')
    const actor = operatorOf(reader, session)
    tokens.set(actor, token)
    return actor
  }

  async function signedInAs(persona: Persona['id']): Promise<Operator> {
    const { client, ...reader } = visitor()
    return actorOf(await tokenOf(signInAsPersona.perform({ ...reader, client }, { persona })), reader)
  }

  async function signedInWith(key: SignIn): Promise<Operator> {
    const { client, ...reader } = visitor()
    return actorOf(await tokenOf(signIn.perform({ ...reader, client }, key)), reader)
  }

  /** The same session in its next request. @throws AppError `signin.ended` if it has ended */
  function actorAgain(actor: Operator): Promise<Operator> {
    return actorOf(tokens.get(actor) ?? '')
  }

  /** A member that no other test uses. */
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
    actorOf,
    signedInAs,
    signedInWith,
    actorAgain,
    newMember,
    async close() {
      await Promise.all([emulator.close(), database.close()])
    },
  }
}

export type TestConsole = Awaited<ReturnType<typeof startTestConsole>>

/** The token of the session that a use case started. */
export async function tokenOf(done: Promise<Done<unknown>>): Promise<string> {
  const { effect } = await done
  if (effect?.kind !== 'startSession') throw new Error('no session was started')
  return effect.token
}

/** The error of a use case. Throws if it does not fail. */
export async function failureOf<E extends Endpoint, A extends Access>(
  useCase: UseCase<E, A>,
  actor: Parameters<UseCase<E, A>['run']>[0],
  input: z.output<E['input']>,
): Promise<AppError> {
  try {
    await useCase.run(actor, input)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('the use case did not fail')
}
