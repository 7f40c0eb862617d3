import type { Caller, Cloud, OperationName } from '@/lib/alicloud'
import { rememberMayList, type Session } from '@/lib/auth'
import type { Config } from '@/lib/config'
import { AppError } from '@/lib/contract/errors'
import type { Language } from '@/lib/contract/language'
import { type Db, ignoringFullStorage, type Storage, type Vault } from '@/lib/db'
import type { Ledger } from '@/lib/ledger'
import type { SandboxControl } from '@/lib/sandbox'
import type { Outcomes } from './outcomes'

/** What runtime.ts builds once per process and every use case works with. */
export interface Services {
  config: Config
  db: Db
  storage: Storage
  vault: Vault
  cloudFor(caller: Caller): Cloud
  ledger: Ledger
  outcomes: Outcomes
  /** How long a sign-in may wait for others of its network; a quarter of a minute unless told. */
  signInWaitMs?: number
  /** The emulator's control API; null when the console talks to Alibaba Cloud. */
  sandbox: SandboxControl | null
  work: BackgroundWork
}

/** Work that outlives its request. */
export interface BackgroundWork {
  /** Keeps the process from exiting before this has ended. */
  underWay<T>(work: Promise<T>): Promise<T>
  /** Aborted once the process is shutting down: such work stops at its next step. */
  shutdown: AbortSignal
}

/** Where a use case leaves or removes the session's cookie. */
export interface SessionCookie {
  /** The token the browser came with, whatever it is worth. */
  readonly held?: string | undefined
  set(token: string, maxAgeSeconds: number): void
  clear(): void
}

/** A request before anybody is known: sign-in and health only. */
export interface PublicContext {
  services: Services
  requestId: string
  address: string
  userAgent: string
  /** The reader's, in whose order names stand. */
  language: Language
  cookie: SessionCookie
  /** Puts a failure that no answer of this request tells of into the server's log. */
  report(error: unknown): void
}

/** A request of a signed-in operator. Only `lib/http` makes one, from a session it has checked. */
export interface Context extends PublicContext {
  session: Session
  /** Alibaba Cloud, called with this operator's own credentials. */
  cloud: Cloud
  /** The changes and checks that it accepted in this request: see `rememberAccepted`. */
  accepted: Set<OperationName>
}

/** The context of a session that was checked. */
export function operatorContext(base: PublicContext, session: Session): Context {
  const accepted = new Set<OperationName>()
  const { credentials, site, accountId, operatorName: name } = session
  const onAccepted = (name: OperationName) => void accepted.add(name)
  const cloud = base.services.cloudFor({ credentials, site, accountId, name, onAccepted })
  return { ...base, session, cloud, accepted }
}

/**
 * Lets a caller see the mirror, the ledger and the audit of a directory only after their own credentials
 * passed ListAccounts within the last five minutes.
 */
export async function requireDirectory(ctx: Context): Promise<void> {
  if (!ctx.session.directoryId) throw new AppError('directory.none')
  if (ctx.session.mayList) return
  await ctx.cloud.listMembers({ page: 1, pageSize: 1 })
  await ignoringFullStorage(rememberMayList(ctx.services.db, ctx.session.id))
}
