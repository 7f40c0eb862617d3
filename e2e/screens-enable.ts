import { inFlightTimeoutSeconds } from './console'
import { accountId, enable, send, suffix } from './enabling'
import { codeOf, expect } from './fixtures'
import { enableElsewhere } from './operators'
import { requestOf, type Screen, type Stage } from './screen'

const path = '/directory/enable'
const namePrefix = 'harbour-hq'
const phone = '65-91234567'

/** Sends a code. */
async function sent({ post, cloud }: Stage, to?: string) {
  const requestId = requestOf(await post(`/api${path}/code`, { namePrefix, ...(to && { phone: to }) }))
  return { requestId, code: await codeOf(cloud, accountId) }
}

/** The code step. Its field takes focus when it appears: text typed elsewhere before that would end up in it. */
const codeStep = (to?: string) => async (stage: Stage) => {
  await sent(stage, to)
  return path
}

async function enterCode({ enabling, cloud }: Stage) {
  await expect(enabling.codeField).toBeFocused()
  await enabling.codeField.fill(await codeOf(cloud, accountId))
}

/** Enabling with a code, without a response and without effect. */
async function unanswered(stage: Stage): Promise<string> {
  const { requestId, code } = await sent(stage)
  await stage.cloud.arm({ operation: enable, fault: 'reset', effect: false })
  await stage.post(`/api${path}`, { requestId, code, confirmation: accountId })
  return path
}

const screens: Omit<Screen, 'as'>[] = [
  {
    name: 'the choice of a management account',
    ofLayout: true,
    at: path,
    sees: ({ enabling, words }) => enabling.title(words.enable.choose.title),
  },
  {
    name: 'enabling with the account, a dry run passed',
    at: `${path}?mode=current`,
    does: ({ enabling }) => enabling.dryRun(),
    sees: ({ enabling, words }) => enabling.text(words.enable.dryRun.passed),
  },
  {
    name: 'enabling with the account, a dry run that names what is missing',
    ofLayout: true,
    at: `${path}?mode=current`,
    async does({ enabling, cloud }) {
      await cloud.changeAccount(accountId, { enterpriseVerified: false })
      await enabling.dryRun()
    },
    sees: ({ enabling, words }) => enabling.failure.filter({ hasText: words.enable.dryRun.stopped }),
  },
  {
    name: 'enabling with the account, not confirmed',
    at: `${path}?mode=current`,
    does: ({ enabling, words }) => enabling.click(words.enable.enable),
    sees: ({ enabling, words }) => enabling.text(words.fieldErrors.enable.confirmation_wrong),
  },
  {
    name: 'enabling with the account that was refused before',
    async at({ cloud, post }) {
      await cloud.changeAccount(accountId, { enterpriseName: null })
      await post(`/api${path}`, { confirmation: accountId })
      return `${path}?mode=current`
    },
    sees: ({ enabling }) => enabling.failure.filter({ hasText: 'Invalid.EnterpriseName' }),
  },
  {
    name: 'the name and phone of a new management account',
    at: `${path}?mode=new`,
    sees: ({ enabling, words }) => enabling.title(words.enable.phone.title),
  },
  {
    name: 'the name and phone of a new management account, both wrong',
    ofLayout: true,
    at: `${path}?mode=new`,
    async does({ enabling }) {
      await enabling.nameField.fill('a__b')
      await enabling.send('9123')
    },
    sees: ({ enabling, words }) => [
      enabling.text(words.fieldErrors.phone.too_short),
      enabling.text(words.fieldErrors.namePrefix.signs_in_a_row),
    ],
  },
  {
    name: 'a code for enabling that is refused',
    async at({ cloud }) {
      await cloud.arm({ operation: send, fault: 'code:SendValidateCodeExceedsLimitForAccount' })
      return `${path}?mode=new`
    },
    async does({ enabling }) {
      await enabling.nameField.fill(namePrefix)
      await enabling.send()
    },
    sees: ({ enabling }) => enabling.failure.filter({ hasText: 'SendValidateCodeExceedsLimitForAccount' }),
  },
  {
    name: 'the code of a new management account, sent to the account’s own phone',
    at: codeStep(),
    sees: ({ enabling }) => expect(enabling.codeField).toBeFocused(),
  },
  {
    name: 'the code of a new management account, its name already taken',
    at: codeStep(phone),
    async does(stage) {
      const { enabling } = stage
      await enterCode(stage)
      await enabling.nameField.fill('directory')
      await enabling.enable(accountId)
    },
    sees: ({ enabling, words }) => enabling.text(words.fieldErrors.enable.name_taken),
  },
  {
    name: 'the code of a new management account, a dry run passed',
    ofLayout: true,
    at: codeStep(),
    async does(stage) {
      await enterCode(stage)
      await stage.enabling.dryRun()
    },
    sees: ({ enabling, words }) => enabling.text(words.enable.dryRun.passed),
  },
  {
    name: 'enabling of unknown outcome',
    ofLayout: true,
    async at(stage) {
      await unanswered(stage)
      // It stays unknown as long as the status cannot be checked.
      await stage.cloud.arm({ operation: 'GetResourceDirectory', fault: 'unavailable', times: 1000 })
      return path
    },
    async does({ enabling, words }) {
      await enabling.shows(words.enable.checking.title)
      await enabling.checkNow()
    },
    sees: ({ enabling }) => enabling.failure,
  },
  {
    name: 'enabling that had no effect',
    async at(stage) {
      await unanswered(stage)
      await stage.cloud.advance(inFlightTimeoutSeconds + 1)
      return path
    },
    sees: ({ enabling, words }) => enabling.text(words.enable.notDone.title),
  },
  {
    name: 'enabling without a response, and a directory of another name',
    async at(stage) {
      await unanswered(stage)
      await enableElsewhere(stage.cloud, `ventures-root${suffix}`)
      return path
    },
    sees: ({ enabling, words }) => enabling.title(words.enable.blocked.unknown.title),
  },
  {
    name: 'enabling whose code was discarded',
    async at(stage) {
      const { requestId } = await sent(stage)
      await stage.post(`/api${path}/discard`, { requestId })
      return path
    },
    sees: ({ enabling, words }) => enabling.text(words.flow.refused.given_up.title),
  },
  {
    name: 'a directory that the account manages',
    ofLayout: true,
    async at({ post }) {
      await post(`/api${path}`, { confirmation: accountId })
      return path
    },
    sees: ({ enabling, words }) => enabling.title(words.enable.done.title),
  },
  {
    name: 'a directory found by reconciling',
    async at({ cloud, post }) {
      await cloud.arm({ operation: enable, fault: 'reset', effect: true })
      await post(`/api${path}`, { confirmation: accountId })
      return path
    },
    sees: ({ enabling, words }) => enabling.text(words.enable.done.foundWhy),
  },
  {
    name: 'a directory with a new management account, which ended the session',
    at: codeStep(phone),
    async does(stage) {
      await enterCode(stage)
      await stage.enabling.enable(accountId)
    },
    sees: ({ enabling, words }) => [
      enabling.title(words.enable.done.title),
      enabling.text(words.enable.done.new.ended),
    ],
  },
  {
    name: 'enabling for a member of another directory',
    async at({ cloud }) {
      await enableElsewhere(cloud, `ventures-root${suffix}`)
      return path
    },
    sees: ({ enabling, words }) => enabling.title(words.enable.blocked.member.title),
  },
]

export const enableScreens: Screen[] = [
  ...screens.map((screen) => ({ ...screen, as: 'withoutDirectory' as const })),
  {
    name: 'enabling for an account with a directory',
    at: path,
    sees: ({ enabling, words }) => enabling.title(words.enable.blocked.managing.title),
  },
]
