import { randomInt } from 'node:crypto'
import type { Call } from './call.ts'
import type { Message } from './model.ts'
import { refusal } from './wire-errors.ts'

// Verification codes, shared by all operations that send or accept one:
//
//   sendCode(call, { purpose: 'JoinCen', target: cenId, channel: 'email', to: mailbox, operation, accountId })
//   if (checkCode(call, { purpose: 'JoinCen', target: cenId, code, useUp: true }) !== 'right') throw refusal(…)
//
// Codes with the same purpose and target belong together: a new one voids the older ones, and a wrong attempt counts
// against all of them.

interface CodeOrder extends Pick<Message, 'channel' | 'to' | 'operation' | 'accountId' | 'accountName'> {
  purpose: string
  target: string
  /** Whether the documented daily limit per target applies. */
  limitedPerDay?: boolean
}

/**
 * Puts a new code into the inbox and returns when it expires. Callers make all other checks first.
 * @throws WireError when the daily limit is reached
 */
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

interface CodeAttempt {
  purpose: string
  target: string
  /** The recipient the caller names. Codes sent elsewhere don't match, and the attempt doesn't count against them. */
  to?: string
  code: string
  /** Whether the right code is used up. A wrong code always costs an attempt. */
  useUp: boolean
}

/** Checks a code. `attempts_used`: after too many wrong attempts even the right code is refused. */
export function checkCode(
  { state, assumptions }: Call,
  attempt: CodeAttempt,
): 'right' | 'wrong' | 'attempts_used' {
  const sent = state
    .openCodes(attempt.purpose, attempt.target)
    .filter((open) => attempt.to === undefined || open.to === attempt.to)
  const usable = sent.filter((open) => open.wrongAttempts < assumptions.wrongAttemptsMax)
  if (sent.length > 0 && usable.length === 0) return 'attempts_used'
  const right = usable.find((open) => open.code === attempt.code)
  if (!right) {
    for (const open of usable) open.wrongAttempts += 1
    state.onChange()
    return 'wrong'
  }
  if (attempt.useUp) state.voidCode(right, 'used')
  return 'right'
}
