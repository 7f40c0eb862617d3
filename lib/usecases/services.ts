import type { Caller, Cloud } from '@/lib/alicloud'
import type { Config } from '@/lib/config'
import type { Db, Storage, Vault } from '@/lib/db'
import type { Jobs } from '@/lib/jobs'
import type { Ledger } from '@/lib/ledger'
import type { SandboxControl } from '@/lib/sandbox'
import type { Outcomes } from './outcomes'

/** Built once per process by runtime.ts and used by every use case. */
export interface Services {
  config: Config
  db: Db
  storage: Storage
  vault: Vault
  cloudFor(caller: Caller): Cloud
  ledger: Ledger
  jobs: Jobs
  outcomes: Outcomes
  /** How long a sign-in may wait for other sign-ins from the same network; 15 seconds by default. */
  signInWaitMs?: number
  /** Control API of the emulator; null when the console talks to Alibaba Cloud. */
  sandbox: SandboxControl | null
  work: BackgroundWork
}

/** Work that continues after its request has ended. */
export interface BackgroundWork {
  /** Keeps the process from exiting before this work is done. */
  underWay<T>(work: Promise<T>): Promise<T>
  /** Aborted when the process begins to shut down: background work stops at its next step. */
  shutdown: AbortSignal
}
