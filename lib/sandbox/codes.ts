import { randomInt } from 'node:crypto'
import type { Call } from './call.ts'
import type { Message } from './model.ts'
import { refusal } from './wire-errors.ts'

// Verification codes, the same machine for every operation that sends one and every one that takes one:
//
//   sendCode(call, { purpose: 'AttachCen', target: cenId, channel: 'email', to: mailbox, operation, accountId })
//   if (tryCode(call, { purpose: 'AttachCen', target: cenId, code, useUp: true }) !== 'right') throw refusal(…)
//
// Purpose and target together say which codes stand for the same thing: a newer one makes the older ones void, and
// wrong tries count against all of them.

interface CodeOrder extends Pick<Message, 'channel' | 'to' | 'operation' | 'accountId' | 'accountName'> {
  purpose: string
  target: string
  /** Counts the send against the documented day's limit of its target, and refuses it when that is used up. */
  limitedPerDay?: boolean
}

/** Sends a new code into the inbox and tells when it ends. Sends that are refused must be refused before. */
export function sendCode({ state, assumptions }: Call, order: CodeOrder): { expirationDate: string } {
  const { purpose, target, limitedPerDay, ...message } = order
  if (limitedPerDay) {
    const key = `${purpose}:${target}`
    if (state.codesInLastDay(key) >= assumptions.codesPerDayMax) {
      throw refusal('SendValidateCodeExceedsLimitForAccount')
    }
    state.countSend(key)
  }
  if (assumptions.newCodeVoidsOlder) {
    for (const older of state.openCodes(purpose, target)) state.voidCode(older, 'newer_code')
  }
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  const sentAt = state.now()
  const expiresAt = sentAt + assumptions.codeLifeSeconds * 1000
  const expirationDate = new Date(expiresAt).toISOString()
  const messageId = state.addMessage({
    ...message,
    code,
    sentAt: new Date(sentAt).toISOString(),
    expiresAt: expirationDate,
  })
  state.addCode({ purpose, target, to: order.to, code, expiresAt, wrongAttempts: 0, void: false, messageId })
  return { expirationDate }
}

interface CodeTry {
  purpose: string
  target: string
  /** The recipient the caller names; codes sent to others are no match, and the try does not count against them. */
  to?: string
  code: string
  /** Whether the right code is used up by this; a wrong one costs a try in any case. */
  useUp: boolean
}

/** Tries a code. `tries_used`: too many wrong ones came before, and the right one is refused, too. */
export function tryCode({ state, assumptions }: Call, attempt: CodeTry): 'right' | 'wrong' | 'tries_used' {
  const sent = state
    .openCodes(attempt.purpose, attempt.target)
    .filter((open) => attempt.to === undefined || open.to === attempt.to)
  const usable = sent.filter((open) => open.wrongAttempts < assumptions.wrongAttemptsMax)
  if (sent.length > 0 && usable.length === 0) return 'tries_used'
  const right = usable.find((open) => open.code === attempt.code)
  if (!right) {
    for (const open of usable) open.wrongAttempts += 1
    state.onChange()
    return 'wrong'
  }
  if (attempt.useUp) state.voidCode(right, 'used')
  return 'right'
}
