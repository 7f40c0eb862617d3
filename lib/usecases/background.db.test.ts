import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acceptedCall, audit, member, session, signinAttempt, signinTally } from '@/lib/db'
import { systemActor } from './actor'
import { tidyUp } from './background'
import { startTestConsole, type TestConsole } from './testing'

let muster: TestConsole
beforeAll(async () => {
  muster = await startTestConsole()
})
afterAll(() => muster.close())

test('a step that fails is reported and does not stop the others', async () => {
  const { db } = muster.services
  await muster.signedInAs('intl-admin')
  await db.update(session).set({ lastSeenAt: sql`now() - interval '1 day'` })
  await db.update(signinAttempt).set({ at: sql`now() - interval '1 day'` })
  await db.insert(acceptedCall).values({
    ...{ accountId: '1', operatorId: '1', operation: 'bindPhone' },
    at: sql`now() - interval '2 days'`,
  })
  await db.insert(signinTally).values({
    ...{
      hour: sql`now() - interval '1 day'`,
      accountId: '',
      outcome: 'refused',
      code: 'signin.secret_wrong',
    },
    ...{ count: 1, firstAt: sql`now()`, lastAt: sql`now()`, networks: [] },
  })
  await db.execute(sql`create function refuse() returns trigger language plpgsql as
    $$ begin raise exception 'not this one'; end $$`)
  await db.execute(
    sql`create trigger stuck before delete on signin_attempt for each row execute function refuse()`,
  )

  // As written by a version before migration `0012_name_keys`.
  await db.execute(sql`insert into member (account_id, member_id, display_name, type, status, folder_id, pass)
    values ('1', '1', '北京', 'resource', 'CreateSuccess', 'fd-1', 1)`)

  const reported: (string | undefined)[] = []
  const system = systemActor(muster.services, (_, step) => reported.push(step))
  await expect(tidyUp(system)).rejects.toThrow(AggregateError)
  expect(reported).toEqual(['attempts'])
  for (const table of [session, acceptedCall, signinTally]) expect(await db.$count(table)).toBe(0)
  expect(await db.$count(member, eq(member.namePinyin, 'bei3北jing1京'))).toBe(1)
  const summed = await db.select().from(audit).where(eq(audit.code, 'signin.secret_wrong'))
  expect(summed).toHaveLength(1)
})
