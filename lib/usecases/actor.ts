import type { Cloud, OperationName } from '@/lib/alicloud'
import { rememberMayList, type Session } from '@/lib/auth'
import { AppError } from '@/lib/contract/errors'
import type { Language } from '@/lib/contract/language'
import { ignoringFullStorage } from '@/lib/db'
import type { Services } from './services'
import type { Client } from './sign-in/client'

/** Who runs a use case, and what it runs with. None of them tells whether a page, a route, a job or a test asked. */
export type Actor = Nobody | Operator | System

/** What every use case runs with. */
interface Run {
  services: Services
  /** Ties the audit rows, log lines and the answer of one run together. */
  requestId: string
  /** Where it came from, as the audit keeps it: an address, or `system`. */
  origin: string
  /** Puts a failure that no answer tells of into the server's log. @param step of several, the one that failed */
  report(error: unknown, step?: string): void
}

/** A run whose answer somebody reads. */
export interface Reader extends Run {
  /** Names stand in its order. */
  language: Language
}

/** Nobody is known yet: sign-in and health only. */
export interface Nobody extends Reader {
  kind: 'nobody'
  client: Client
}

/** A signed-in operator, with their own credentials. */
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
  /** The changes and checks that it accepted in this run: see `rememberAccepted`. */
  accepted: Set<OperationName>
}

/** The console itself, for what nobody asks for. */
export interface System extends Run {
  kind: 'system'
}

/** The operator of a session that was checked. */
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
 * Lets an operator see the mirror, the ledger and the audit of a directory only after their own credentials
 * passed ListAccounts within the last five minutes.
 */
export async function requireDirectory({ directoryId, session, cloud, services }: Operator): Promise<void> {
  if (!directoryId) throw new AppError('directory.none')
  if (session.mayList) return
  await cloud.listMembers({ page: 1, pageSize: 1 })
  await ignoringFullStorage(rememberMayList(services.db, session.id))
}
