import type { MemberOrder } from '../lib/sandbox/index.ts'
import { inFlightTimeoutSeconds } from './console'
import { codeOf, expect } from './fixtures'
import { wrongOf } from './flow-page'
import { requestOf, type Screen, type Stage } from './screen'

const send = 'SendVerificationCodeForBindSecureMobilePhone'
const bind = 'BindSecureMobilePhone'
const flowOf = (id: string) => `/members/${id}/phone`
const memberOf = (flow: string) => flow.split('/')[2] ?? ''

const ofNew = (order?: MemberOrder) => async (stage: Stage) => flowOf(await stage.member(order))

/** A new member with a code sent. */
export async function sent({ member, post, phone }: Stage): Promise<{ id: string; requestId: string }> {
  const id = await member()
  return { id, requestId: requestOf(await post(`/api${flowOf(id)}/code`, { phone })) }
}

const ofSent = async (stage: Stage) => flowOf((await sent(stage)).id)

async function enterCode({ post, cloud }: Stage, { id, requestId }: { id: string; requestId: string }) {
  await post(`/api${flowOf(id)}`, { requestId, code: await codeOf(cloud, id) })
}

/** A bind of unknown outcome that had no effect. */
async function unknown(
  stage: Stage,
  why: 'status cannot be checked' | 'phone is not reported',
): Promise<string> {
  const { cloud } = stage
  const request = await sent(stage)
  const match = { accountId: request.id }
  await cloud.arm({ operation: bind, fault: 'reset', effect: false, match })
  if (why === 'phone is not reported') await cloud.changeMember(request.id, { phoneReported: false })
  else await cloud.arm({ operation: 'GetAccount', fault: 'unavailable', times: 1000, match })
  await enterCode(stage, request)
  return flowOf(request.id)
}

/** A bind whose outcome can never be known, and which was discarded. */
async function unresolved(stage: Stage): Promise<string> {
  const flow = await unknown(stage, 'phone is not reported')
  await stage.cloud.advance(inFlightTimeoutSeconds + 1)
  const requestId = requestOf(await stage.post(`/api${flow}/reconcile`))
  await stage.post(`/api${flow}/discard`, { requestId, unresolved: true })
  return flow
}

/** The member whose flow is open on the page. */
const idOn = ({ page }: Stage) => memberOf(new URL(page.url()).pathname)
const codeOn = (stage: Stage) => codeOf(stage.cloud, idOn(stage))

export const bindScreens: Screen[] = [
  {
    name: 'the number step',
    at: ofNew(),
    sees: ({ binding, words }) => binding.title(words.bind.number.title),
  },
  {
    name: 'the number step without a number',
    at: ofNew(),
    does: ({ binding }) => binding.send(),
    sees: ({ binding, words }) => binding.text(words.fieldErrors.phone.empty),
  },
  {
    name: 'the number step with an unlikely number',
    at: ofNew(),
    does: ({ binding, unlikely }) => binding.numberField.fill(unlikely),
    sees: ({ binding, words }) => binding.text(words.flow.phone.doubtful),
  },
  {
    name: 'the number step with the number of another member',
    ofLayout: true,
    async at(stage) {
      await sent(stage)
      return ofNew()(stage)
    },
    does: ({ binding, number }) => binding.numberField.fill(number),
    sees: ({ binding, words }) => binding.text(words.bind.number.usedByNext),
  },
  {
    name: 'the number step of a member of an unknown type and status',
    at: ofNew({ type: 'new:SharedAccount', status: 'new:HandoverPending' }),
    async sees({ binding, words }) {
      await binding.shows(words.bind.number.title)
      await expect(binding.text(words.bind.checks.vendorDecides)).toHaveCount(2)
    },
  },
  {
    name: 'the number step while a code is open',
    at: ofSent,
    does: ({ binding }) => binding.changeNumber(),
    sees: ({ binding, words }) => binding.button(words.flow.stillOpen.back),
  },
  {
    name: 'the number step after a code was discarded',
    async at(stage) {
      const { id, requestId } = await sent(stage)
      await stage.post(`/api${flowOf(id)}/discard`, { requestId })
      return flowOf(id)
    },
    sees: ({ binding, words }) => binding.text(words.flow.refused.given_up.title),
  },
  {
    name: 'the number step after a bind that stayed unknown',
    at: unresolved,
    sees: ({ binding, words }) => binding.text(words.flow.refused.unresolved.title),
  },
  {
    name: 'a send that is refused',
    async at({ member, cloud }) {
      const accountId = await member()
      const fault = 'code:SendValidateCodeExceedsLimitForAccount'
      await cloud.arm({ operation: send, fault, match: { accountId } })
      return flowOf(accountId)
    },
    does: ({ binding, number }) => binding.send(number),
    sees: ({ binding }) => binding.failure.filter({ hasText: 'SendValidateCodeExceedsLimitForAccount' }),
  },
  {
    name: 'a code that is about to be discarded',
    ofLayout: true,
    at: ofSent,
    does: ({ binding, words }) => binding.click(words.flow.discard.verb),
    sees: ({ binding, words }) => binding.question.filter({ hasText: words.flow.discard.body }),
  },
  {
    name: 'the code step',
    at: ofSent,
    sees: ({ binding, words }) => binding.title(words.flow.code.title),
  },
  {
    name: 'the code step without a code',
    at: ofSent,
    does: ({ binding }) => binding.bind(''),
    sees: ({ binding, words }) => binding.text(words.fieldErrors.code.empty),
  },
  {
    name: 'the code step with a wrong code',
    ofLayout: true,
    at: ofSent,
    does: async (stage) => stage.binding.bind(wrongOf(await codeOn(stage))),
    sees: ({ binding }) => expect(binding.codeField).toHaveAttribute('aria-invalid', 'true'),
  },
  {
    name: 'the code step after ten wrong codes',
    async at(stage) {
      const { id, requestId } = await sent(stage)
      const code = wrongOf(await codeOf(stage.cloud, id))
      for (let attempt = 0; attempt < 10; attempt++)
        await stage.post(`/api${flowOf(id)}`, { requestId, code })
      return flowOf(id)
    },
    sees: ({ binding, words }) =>
      binding.failure.filter({ hasText: words.errors.code.no_attempts_left.next }),
    lacks: ({ binding, words }) => [binding.codeField, binding.button(words.bind.bind)],
  },
  {
    name: 'the code step of a send without an answer, asked to send again',
    ofLayout: true,
    async at({ cloud, member, post, phone }) {
      const id = await member()
      await cloud.arm({ operation: send, fault: 'reset', effect: true, match: { accountId: id } })
      await post(`/api${flowOf(id)}/code`, { phone })
      await cloud.advance(60)
      return flowOf(id)
    },
    async does({ binding, words }) {
      await expect(binding.text(words.flow.code.unknownTitle)).toBeVisible()
      await binding.sendAgain()
    },
    sees: ({ binding }) => binding.question,
  },
  {
    name: 'a bind of unknown outcome',
    ofLayout: true,
    at: (stage) => unknown(stage, 'status cannot be checked'),
    sees: ({ binding, words }) => binding.title(words.bind.checking.title),
  },
  {
    name: 'a bind whose phone is not reported, asked to continue without it',
    at: (stage) => unknown(stage, 'phone is not reported'),
    async does({ binding, words, cloud }) {
      await binding.shows(words.bind.checking.title)
      await cloud.advance(inFlightTimeoutSeconds + 1)
      await binding.checkNow()
      await expect(binding.text(words.bind.checking.notReported)).toBeVisible()
      await binding.click(words.bind.conclude.act)
    },
    sees: ({ page, words }) => page.getByRole('dialog', { name: words.bind.conclude.title }),
  },
  {
    name: 'a member who left before a bind was answered',
    async at(stage) {
      const flow = await unknown(stage, 'status cannot be checked')
      await stage.cloud.disarmAll()
      await stage.cloud.removeMember(memberOf(flow))
      await stage.cloud.advance(inFlightTimeoutSeconds + 1)
      await stage.post(`/api${flow}/reconcile`)
      return flow
    },
    sees: ({ binding, words }) => binding.text(words.bind.blocked.gone_unknown.cause),
  },
  {
    name: 'the timeline of a bind that stayed unknown',
    ofLayout: true,
    at: async (stage) => `/members/${memberOf(await unresolved(stage))}`,
    sees: ({ binding, words }) => binding.text(words.member.timeLine.bind_unresolved.title),
  },
  {
    name: 'a phone that is bound',
    ofLayout: true,
    async at(stage) {
      const request = await sent(stage)
      await enterCode(stage, request)
      return flowOf(request.id)
    },
    async does(stage) {
      const { page, binding, words } = stage
      const id = idOn(stage)
      await expect(binding.text(words.flow.commandLine.title)).toBeVisible()
      await page.goto(`/members/${id}`)
      await expect(binding.text(words.member.timeLine.bound.title)).toBeVisible()
      await binding.open(id)
    },
    sees: ({ binding, words }) => binding.text(words.flow.commandLine.title),
  },
  {
    name: 'a phone found by reconciling',
    async at(stage) {
      const request = await sent(stage)
      const match = { accountId: request.id }
      await stage.cloud.arm({ operation: bind, fault: 'reset', effect: true, match })
      await enterCode(stage, request)
      return flowOf(request.id)
    },
    sees: ({ binding, words }) => binding.text(words.bind.done.foundWhy),
  },
  {
    name: 'a phone that was bound elsewhere meanwhile',
    at: ofSent,
    async does(stage) {
      await stage.binding.asksForCode()
      await stage.cloud.changeMember(idOn(stage), { phone: stage.phone })
      await stage.binding.bind(await codeOn(stage))
    },
    sees: ({ binding, words }) => binding.failure.filter({ hasText: words.bind.blocked.elsewhere }),
  },
  {
    name: 'a member who has a phone already',
    at: (stage) => ofNew({ phone: stage.phone })(stage),
    sees: ({ binding, words }) => binding.text(words.bind.blocked.already_bound.cause),
  },
  {
    name: 'a cloud account',
    at: ofNew({ type: 'CloudAccount' }),
    sees: ({ binding, words }) => binding.text(words.bind.blocked.cloud_account.cause),
  },
  {
    name: 'a member that is changing to another type',
    at: ofNew({ status: 'PromoteVerifying' }),
    sees: ({ binding, words }) => binding.text(words.bind.blocked.status_unfit.cause),
  },
]
