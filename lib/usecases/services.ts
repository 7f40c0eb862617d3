import type { Caller, Cloud } from '@/lib/alicloud'
import type { Config } from '@/lib/config'
import type { Db, Storage, Vault } from '@/lib/db'
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
  /** How long a sign-in may wait for others of its network; a quarter of a minute by default. */
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
