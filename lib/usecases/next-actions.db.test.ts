import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cloud, CloudError, type Directory, type OfficeNetwork } from '@/lib/alicloud'
import type { ErrorCode } from '@/lib/contract/errors'
import { codeRequest, createVault } from '@/lib/db'
import { sharedByEngines } from '@/lib/db/testing'
import { createLedger, type Intent, type Subject } from '@/lib/ledger'
import type { Operator } from './actor'
import { getEnableFlow } from './enable'
import { discardCenRequest, getAttachFlow } from './networks'
import { bindPhone, discardCode, getBindFlow, reconcilePhone, sendCode } from './phone'
import { startTestConsole, type TestConsole } from './testing'

// Every state of a request with every answer of Alibaba Cloud: which step is shown, and that it has a next action.

const inFlightTimeoutSeconds = 60
const overdueSeconds = 601

let muster: TestConsole
let wei: Operator

beforeAll(async () => {
  muster = await startTestConsole({ MUSTER_CALL_DEADLINE_SECONDS: '15', MUSTER_SETTLE_SECONDS: '60' })
  wei = await muster.signedInAs('intl-admin')
})
afterAll(() => muster.close())

function failure(kind: 'refused' | 'silent' | 'not_found', notFound: ErrorCode = 'member.not_found') {
  const code: ErrorCode =
    kind === 'silent' ? 'cloud.silent' : kind === 'refused' ? 'cloud.permission' : notFound
  return new CloudError(
    kind === 'silent'
      ? { code, kind, executed: 'maybe' }
      : {
          code,
          kind: 'refused',
          executed: 'no',
          params: { action: 'Some:Action', principal: 'wei.tan', policyType: 'unknown', denial: 'unknown' },
        },
  )
}

/** States of a request, in the terms of the ledger. */
const states = [
  'none',
  'sending',
  'sent',
  'send unknown',
  'applying',
  'applying, no code',
  'unknown, early',
  'unknown, late',
  'unknown, no code, early',
  'unknown, no code, late',
  'applied, early',
  'applied, late',
] as const
type State = (typeof states)[number]

/** A console with its own clock, whose only request is in this state. */
async function stage(
  subject: Subject,
  state: State,
  intents: { withCode: Intent; withoutCode: Intent },
  number: { full: string; masked: string } | null,
  lateSeconds: number,
) {
  const { db, config } = muster.services
  let offset = 0
  const ledger = createLedger(db, createVault(Buffer.alloc(32)), config, async () => offset)
  const actor = { ...wei, services: { ...muster.services, ledger } }
  await db
    .delete(codeRequest)
    .where(and(eq(codeRequest.accountId, subject.accountId), eq(codeRequest.target, subject.target)))
  const operator = { operatorId: wei.operatorId, operatorName: wei.operatorName }
  const error = { code: 'cloud.silent' } as const
  const withoutCode = state.includes('no code')
  if (withoutCode) {
    const { id, attempt } = await ledger.beginWithoutCode(subject, { intent: intents.withoutCode, operator })
    if (state.startsWith('unknown'))
      await ledger.settleApply(subject, id, attempt, { kind: 'unknown', error })
  } else if (state !== 'none') {
    const sending = { number, intent: intents.withCode }
    const { id } = await ledger.beginSend(subject, { sending, operator, confirmResend: false })
    const sent = { kind: 'accepted', requestId: 'SEND', expiresAt: null } as const
    if (state === 'send unknown') await ledger.settleSend(subject, id, { kind: 'unknown', error })
    else if (state !== 'sending') await ledger.settleSend(subject, id, sent)
    if (/^(applying|unknown|applied)/.test(state)) {
      const { attempt } = await ledger.beginApply(subject, id, operator)
      if (state.startsWith('unknown'))
        await ledger.settleApply(subject, id, attempt, { kind: 'unknown', error })
      if (state.startsWith('applied'))
        await ledger.settleApply(subject, id, attempt, { kind: 'accepted', requestId: 'APPLY' })
    }
  }
  const advance = (seconds: number) => {
    offset += seconds
  }
  if (state.endsWith('late')) advance(lateSeconds)
  return { actor, advance }
}

/** The step of a flow, or its error code. */
async function stepOf(flow: Promise<{ step: string }>): Promise<string> {
  return flow.then(
    ({ step }) => step,
    (error: unknown) => {
      if (error instanceof CloudError || (error instanceof Error && 'code' in error))
        return String(error.message)
      throw error
    },
  )
}

/** The columns of a table are the answers, in order. Each cell is the resulting step. */
function cellsOf<A extends string>(answers: readonly A[], table: Partial<Record<State, string>>) {
  return Object.entries(table).flatMap(([state, row]) => {
    const steps = row.split('|').map((cell) => cell.trim())
    expect(steps).toHaveLength(answers.length)
    return answers.map((answer, index) => ({ state: state as State, answer, step: steps[index] ?? '' }))
  })
}

describe('binding a phone', () => {
  const answers = ['bound', 'missing', 'not reported', 'gone', 'refused', 'silent'] as const
  const cells = cellsOf(answers, {
    //                 bound   | missing  | not reported | gone    | refused  | silent
    none: '            blocked | number   | number       | blocked | number   | number',
    sending: '         blocked | code     | code         | blocked | code     | code',
    sent: '            blocked | code     | code         | blocked | code     | code',
    'send unknown': '  blocked | code     | code         | blocked | code     | code',
    applying: '        code    | code     | code         | code    | code     | code',
    'unknown, early': 'done    | checking | checking     | checking| checking | checking',
    'unknown, late': ' done    | code     | checking     | blocked | checking | checking',
    'applied, early': 'done    | done     | done         | done    | done     | done',
    'applied, late': ' done    | number   | done         | done    | done     | done',
  })

  function answering(answer: (typeof answers)[number]): Cloud {
    return {
      ...wei.cloud,
      async member(id) {
        if (answer === 'gone') throw failure('not_found')
        if (answer === 'refused' || answer === 'silent') throw failure(answer)
        const hasSecurePhone = answer === 'not reported' ? null : answer === 'bound'
        return { ...(await wei.cloud.member(id)), hasSecurePhone }
      },
      sendBindCode: async () => ({ requestId: 'SEND', expiresAt: null }),
    }
  }

  test.each(sharedByEngines(cells))(
    '$state × $answer: $step, with a next action',
    async ({ state, answer, step }) => {
      const memberId = await muster.newMember()
      const subject: Subject = { accountId: wei.accountId, operation: 'bind_phone', target: memberId }
      const number = { full: '65-91234567', masked: '+65-****4567' }
      // In the mirror, without a phone.
      await getBindFlow.run({ ...wei, cloud: answering('missing') }, { memberId })
      const { actor, advance } = await stage(
        subject,
        state,
        { withCode: {}, withoutCode: {} },
        number,
        inFlightTimeoutSeconds + 1,
      )
      const at = { ...actor, cloud: answering(answer) }
      await reconcilePhone.run(at, { memberId }).catch(() => null)
      expect(await stepOf(getBindFlow.run(at, { memberId }))).toBe(step)

      // Even if the answers do not change, a minute later no step can only wait.
      advance(inFlightTimeoutSeconds + 1)
      const late = await getBindFlow.run(at, { memberId })
      const { request } = late
      switch (late.step) {
        case 'done':
          return
        case 'number':
          expect(await sendCode.run(at, { memberId, phone: '65-91234567' })).toMatchObject({ step: 'code' })
          return
        case 'code':
          expect(['sent', 'unknown']).toContain(request?.state)
          expect(await discardCode.run(at, { memberId, requestId: request?.id ?? '' })).toMatchObject({
            request: null,
          })
          return
        case 'checking':
          expect(request?.mayConclude).toBe(true)
          expect(
            await discardCode.run(at, { memberId, requestId: request?.id ?? '', unresolved: true }),
          ).toMatchObject({ step: 'number', refused: { what: 'unresolved' } })
          return
        case 'blocked':
          // The member can be read again in case it has changed.
          expect(
            (await reconcilePhone.run({ ...at, cloud: answering('missing') }, { memberId })).step,
          ).not.toBe('blocked')
      }
    },
  )

  test('before the in-flight timeout no one can conclude it or use the code', async () => {
    const memberId = await muster.newMember()
    const subject: Subject = { accountId: wei.accountId, operation: 'bind_phone', target: memberId }
    const number = { full: '65-91234567', masked: '+65-****4567' }
    const { actor } = await stage(subject, 'unknown, early', { withCode: {}, withoutCode: {} }, number, 0)
    const at = { ...actor, cloud: answering('not reported') }
    const { request } = await getBindFlow.run(at, { memberId })
    expect(request).toMatchObject({ mayConclude: false, reconcileResult: 'not_reported' })
    const requestId = request?.id ?? ''
    const refused = { code: 'apply.outcome_unknown' }
    await expect(discardCode.run(at, { memberId, requestId, unresolved: true })).rejects.toMatchObject(
      refused,
    )
    await expect(bindPhone.run(at, { memberId, requestId, code: '123456' })).rejects.toMatchObject(refused)
  })
})

describe('enabling a directory', () => {
  const answers = ['none', 'managing', 'member, as asked', 'member of another', 'refused', 'silent'] as const
  const denied = 'cloud.permission'
  const cells = cellsOf(answers, {
    //                          none     | managing | as asked | another | refused  | silent
    none: `                     choose   | blocked  | blocked  | blocked | ${denied} | cloud.silent`,
    sending: `                  code     | blocked  | blocked  | blocked | ${denied} | code`,
    sent: `                     code     | blocked  | blocked  | blocked | ${denied} | code`,
    'send unknown': `           code     | blocked  | blocked  | blocked | ${denied} | code`,
    applying: `                 code     | code     | code     | code    | ${denied} | code`,
    'applying, no code': `      checking | checking | checking | checking| ${denied} | checking`,
    'unknown, early': `         checking | blocked  | done     | blocked | ${denied} | checking`,
    'unknown, late': `          code     | blocked  | done     | blocked | ${denied} | checking`,
    'unknown, no code, early': `checking | done     | blocked  | blocked | ${denied} | checking`,
    'unknown, no code, late': ` choose   | done     | blocked  | blocked | ${denied} | checking`,
    'applied, early': `         done     | done     | done     | done    | ${denied} | done`,
    'applied, late': `          choose   | done     | done     | done    | ${denied} | done`,
  })

  function answering(answer: (typeof answers)[number]): Cloud {
    return {
      ...wei.cloud,
      async directory(): Promise<Directory | null> {
        if (answer === 'none') return null
        if (answer === 'refused' || answer === 'silent') throw failure(answer)
        return {
          directoryId: 'rd-test',
          rootFolderId: 'r-test',
          managementAccountId: answer === 'managing' ? wei.accountId : '1999999999999999',
          managementAccountName: `${answer === 'member, as asked' ? 'acme' : 'other'}@rdadmin.aliyunid.com`,
          company: null,
          createdAt: null,
        }
      },
    }
  }

  test.each(sharedByEngines(cells))(
    '$state × $answer: $step, with a next action',
    async ({ state, answer, step }) => {
      const { accountId } = wei.session
      const subject: Subject = { accountId, operation: 'enable_directory', target: accountId }
      const intents = { withCode: { mode: 'new', namePrefix: 'acme' }, withoutCode: { mode: 'current' } }
      const { actor, advance } = await stage(subject, state, intents, null, inFlightTimeoutSeconds + 1)
      expect(await stepOf(getEnableFlow.run({ ...actor, cloud: answering(answer) }, {}))).toBe(step)
      // In any state, one answer after the in-flight timeout settles it.
      advance(inFlightTimeoutSeconds + 1)
      const late = await getEnableFlow.run({ ...actor, cloud: answering('none') }, {})
      expect(['choose', 'code']).toContain(late.step)
      expect(['sending', 'applying', 'apply_unknown', 'applied']).not.toContain(late.request?.state)
    },
  )
})

describe('attaching an office network', () => {
  const answers = ['attached', 'changing', 'free', 'elsewhere', 'not found', 'refused', 'silent'] as const
  const failed = 'network.not_found | cloud.permission | cloud.silent'
  const attach = cellsOf(answers, {
    //                           attached | changing | free   | elsewhere
    none: `                      done     | waiting  | choose | done     | ${failed}`,
    sending: `                   done     | waiting  | code   | done     | ${failed}`,
    sent: `                      done     | waiting  | code   | done     | ${failed}`,
    'send unknown': `            done     | waiting  | code   | done     | ${failed}`,
    applying: `                  done     | waiting  | code   | done     | ${failed}`,
    'applying, no code': `       checking | checking | checking | checking | ${failed}`,
    'unknown, early': `          done     | waiting  | checking | checking | ${failed}`,
    'unknown, late': `           done     | waiting  | code   | done     | ${failed}`,
    'unknown, no code, early': ` done     | waiting  | checking | checking | ${failed}`,
    'unknown, no code, late': `  done     | waiting  | choose | done     | ${failed}`,
    'applied, early': `          done     | waiting  | waiting | waiting | ${failed}`,
    'applied, late': `           done     | overdue  | overdue | done     | ${failed}`,
  }).map((cell) => ({ ...cell, act: 'attach' }))
  const detach = cellsOf(answers, {
    'applying, no code': `       checking | checking | checking | checking | ${failed}`,
    'unknown, no code, early': ` checking | waiting  | choose | done     | ${failed}`,
    'unknown, no code, late': `  done     | waiting  | choose | done     | ${failed}`,
  }).map((cell) => ({ ...cell, act: 'detach' }))

  const cenId = 'cen-3weq30r6t0s7t4'

  function answering(answer: (typeof answers)[number]): Cloud {
    return {
      ...wei.cloud,
      async listNetworks({ region, ids = [] }): Promise<OfficeNetwork[]> {
        if (answer === 'not found') return []
        if (answer === 'refused' || answer === 'silent') throw failure(answer)
        const joined = { attached: cenId, changing: cenId, free: null, elsewhere: 'cen-0000000000000' }[
          answer
        ]
        const state = { attached: 'attached', changing: 'other', free: 'not_attached', elsewhere: 'attached' }
        return ids.map((id) => ({
          id,
          name: id,
          region,
          kind: 'advanced',
          kindWord: 'Standard',
          accounts: 'convenience',
          accountsWord: 'SIMPLE',
          status: 'REGISTERED',
          cidrBlock: '172.28.0.0/16',
          desktops: 0,
          cenId: joined,
          attach: state[answer] as OfficeNetwork['attach'],
          attachStatus: answer === 'changing' ? 'Frozen' : null,
          createdAt: null,
        }))
      },
    }
  }

  test.each(sharedByEngines([...attach, ...detach]))(
    '$act, $state × $answer: $step, with a next action',
    async (cell) => {
      const { act, state, answer, step } = cell
      const at = { region: 'ap-southeast-1', networkId: 'ap-southeast-1+dir-1234567890' }
      const subject: Subject = {
        accountId: wei.accountId,
        operation: 'join_network',
        target: at.networkId,
      }
      const intents = { withCode: { act, cenId, ownerId: '1999999999999999' }, withoutCode: { act, cenId } }
      const { actor, advance } = await stage(subject, state, intents, null, overdueSeconds)
      expect(await stepOf(getAttachFlow.run({ ...actor, cloud: answering(answer) }, at))).toBe(step)
      // A network that no longer exists has no page, so its requests must not stay open in the ledger.
      advance(overdueSeconds)
      if (answer === 'not found') {
        await stepOf(getAttachFlow.run({ ...actor, cloud: answering(answer) }, at))
        const { current } = await actor.services.ledger.view(subject)
        expect(['sending', 'applying', 'apply_unknown']).not.toContain(current?.state)
      }
      const free = { ...actor, cloud: answering('free') }
      let late = await getAttachFlow.run(free, at)
      if (late.step === 'overdue') {
        late = await discardCenRequest.run(free, { ...at, requestId: late.request?.id ?? '' })
      }
      expect(['choose', 'code']).toContain(late.step)
    },
  )
})
