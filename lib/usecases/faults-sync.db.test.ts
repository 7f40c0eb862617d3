import { count } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { session } from '@/lib/db'
import type { Operator } from './actor'
import { listMembers, refreshMembers } from './members'
import { signInAsPersona } from './sign-in/sign-in'
import { failureOf, tokenOf } from './testing'
import { faults, flowsOfTests, isThrottle, readFaults } from './testing-faults'

const flows = flowsOfTests()
const { signedIn, arm } = flows

describe('a member list that meets', () => {
  // Two directories, so that neither waits for the other: one for the access check, one for the sync.
  const checked = 'amira.said'
  const reader = 'muster-operator/li.na'
  let amira: string
  let li: Operator

  beforeAll(async () => {
    amira = await signedIn('read-only')
    const token = await signedIn('china-admin')
    await refreshMembers.run(await flows.muster.actorOf(token), {})
    li = await flows.muster.actorOf(token)
  })

  const callsBy = (caller: string) => flows.muster.sandbox.calls({ operation: 'ListAccounts', caller })
  const armFor = (caller: string, fault: string) =>
    arm({ fault }, { operation: 'ListAccounts', times: 99, match: { caller } })

  async function letsNoOneIn({ fault, code, calls }: (typeof readFaults)[number]) {
    const actor = await flows.muster.actorOf(amira)
    // As if the five minutes for which an accepted check is valid were over.
    actor.session.mayList = false
    const before = await callsBy(checked)
    const { id } = await armFor(checked, fault)
    if (code) expect(await failureOf(listMembers, actor, { page: 1 })).toMatchObject({ code })
    else expect((await listMembers.run(actor, { page: 1 })).total).toBeGreaterThan(0)
    expect(await callsBy(checked)).toHaveLength(before.length + calls)
    await flows.muster.sandbox.disarm(id)
    expect((await listMembers.run(actor, { page: 1 })).total).toBeGreaterThan(0)
  }

  async function keepsItsRows({ fault, code, calls }: (typeof readFaults)[number]) {
    const { counts, readAt } = await listMembers.run(li, { page: 1 })
    const before = await callsBy(reader)
    const { id } = await armFor(reader, fault)
    if (code) expect(await failureOf(refreshMembers, li, {})).toMatchObject({ code })
    else await refreshMembers.run(li, {})
    await flows.muster.sandbox.disarm(id)
    expect(await callsBy(reader)).toHaveLength(before.length + calls)
    const list = await listMembers.run(li, { page: 1 })
    expect(list).toMatchObject({ counts, sync: null })
    expect(list.readError?.code ?? null).toBe(code)
    if (code) expect(list.readAt).toBe(readAt)
    else expect(list.readAt).not.toBe(readAt)
  }

  test.each(readFaults)('$fault lets no one in unchecked, and a sync keeps its rows', async (row) => {
    // Throttled pages are repeated after pauses: see members-sync.db.test.ts.
    await Promise.all([letsNoOneIn(row), isThrottle(row) ? undefined : keepsItsRows(row)])
  })
})

describe('a sign-in that meets', () => {
  const steps = [
    { operation: 'GetCallerIdentity', persona: 'no-directory', caller: 'oliver.brandt' },
    { operation: 'AssumeRole', persona: 'china-admin', caller: 'li.na' },
    { operation: 'GetResourceDirectory', persona: 'read-only', caller: 'amira.said' },
  ] as const

  async function sessionsNow() {
    const [row] = await flows.muster.services.db.select({ total: count() }).from(session)
    return row?.total
  }
  /** Outages are counted per network, so each fault gets its own. */
  let networks = 0

  /** Three operators sign in at the same time, each with the fault in a different call. */
  test.each(faults)('$fault, carried out: $done', async (row) => {
    const sessions = await sessionsNow()
    networks += 1
    const address = `198.51.100.${networks}`
    await Promise.all(
      steps.map(async ({ operation, persona, caller }) => {
        // Reads have no effect.
        if (row.effect && operation !== 'AssumeRole') return
        const repeated = row.fault === 'reset' && operation !== 'AssumeRole'
        const before = await flows.muster.sandbox.calls({ operation, caller })
        const { id } = await arm(row, { operation, times: 99, match: { caller } })
        const visit = flows.muster.visitor({ address })
        if (row.code) {
          const failure = await failureOf(signInAsPersona, visit, { persona })
          expect(failure).toMatchObject({ code: row.code, upstream: { operation } })
        } else {
          expect(await tokenOf(signInAsPersona.perform(visit, { persona }))).not.toBe('')
        }
        await flows.muster.sandbox.disarm(id)
        const made = (await flows.muster.sandbox.calls({ operation, caller })).slice(before.length)
        expect(made).toHaveLength(repeated ? 2 : 1)
      }),
    )
    if (row.code) expect(await sessionsNow()).toBe(sessions)
    // An outage is not a failed guess, so the next attempt is allowed.
    expect(await signedIn('china-admin')).not.toBe('')
  })
})
