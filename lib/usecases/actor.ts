import type { Cloud, OperationName } from '@/lib/alicloud'
import { rememberMayList, type Session } from '@/lib/auth'
import { AppError } from '@/lib/contract/errors'
import type { Language } from '@/lib/contract/language'
import { ignoringFullStorage } from '@/lib/db'
import type { Services } from './services'
import type { Client } from './sign-in/client'

/** Who runs a use case, and with what. An actor does not reveal whether a page, a route, a job or a test runs it. */
export type Actor = Nobody | Operator | System

/** What every use case needs to run. */
interface Run {
  services: Services
  /** Links the audit rows, log lines and the answer of one run. */
  requestId: string
  /** Where the request came from, as recorded in the audit: an IP address, or `system`. */
  origin: string
  /** Logs a failure that no answer reports. @param step which of several steps failed */
  report(error: unknown, step?: string): void
}

/** A run whose answer a person reads. */
export interface Reader extends Run {
  /** Names are sorted in the order of this language. */
  language: Language
}

/** A visitor who has not signed in: sign-in and health checks only. */
export interface Nobody extends Reader {
  kind: 'nobody'
  client: Client
}

/** A signed-in operator with their own credentials. */
export interface Operator
  extends Reader,
    Pick<
      Session,
      'accountId' | 'site' | 'directoryId' | 'operatorId' | 'operatorName' | 'method' | 'userArn'
    > {
  kind: 'operator'
  session: Session
  /** Alibaba Cloud, called with this operator's own credentials. */
  cloud: Cloud
  /** The changes and checks that Alibaba Cloud accepted in this run: see `rememberAccepted`. */
  accepted: Set<OperationName>
}

/** The console itself, for background jobs. */
export interface System extends Run {
  kind: 'system'
}

/** The operator of a verified session. */
export function operatorOf(reader: Reader, session: Session): Operator {
  const { credentials, accountId, site, directoryId, operatorId, operatorName, method, userArn } = session
  const accepted = new Set<OperationName>()
  const onAccepted = (name: OperationName) => void accepted.add(name)
  const cloud = reader.services.cloudFor({ credentials, site, accountId, name: operatorName, onAccepted })
  const who = { accountId, site, directoryId, operatorId, operatorName, method, userArn }
  return { ...reader, ...who, kind: 'operator', session, cloud, accepted }
}

export function systemActor(services: Services, report: System['report']): System {
  return { kind: 'system', services, requestId: 'system', origin: 'system', report }
}

/**
 * Lets an operator see the mirror, the ledger and the audit of a directory only if ListAccounts succeeded with their own
 * credentials within the last five minutes.
 * @throws AppError `directory.none` if the account has no directory
 * @throws CloudError if ListAccounts fails
 */
export async function requireDirectory({ directoryId, session, cloud, services }: Operator): Promise<void> {
  if (!directoryId) throw new AppError('directory.none')
  if (session.mayList) return
  await cloud.listMembers({ page: 1, pageSize: 1 })
  await ignoringFullStorage(rememberMayList(services.db, session.id))
}
