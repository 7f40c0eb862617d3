import { randomUUID } from 'node:crypto'
import { actionsNamed } from './actions.ts'
import type { Action } from './call.ts'
import { bodyObject, ControlError, integerField, textField } from './control-input.ts'
import type { Caller } from './permissions.ts'
import type { ArmedFault, SandboxState } from './state.ts'
import { documentedRefusal } from './wire-errors.ts'

/** Faults that replace the answer. With these, `effect` can have the operation carried out first. */
const replacing = ['html502', 'empty', 'silent', 'reset']
const refusing = ['throttle', 'unavailable']
const slowMsMax = 600_000

/**
 * Validates a fault from a person or a test.
 * @throws ControlError that names the mistake: a misspelled fault must not make a test pass.
 */
export function readFault(body: unknown): ArmedFault {
  const input = bodyObject(body, ['operation', 'fault', 'times', 'match', 'effect'])
  const operation = textField(input, 'operation')
  const fault = textField(input, 'fault')
  if (operation === undefined || fault === undefined) {
    throw new ControlError(400, 'MissingField', 'A fault needs "operation" and "fault".')
  }
  const actions = actionsNamed(operation)
  if (actions.length === 0) {
    throw new ControlError(400, 'UnknownOperation', `The emulator has no operation "${operation}".`)
  }
  checkFaultName(fault, actions)
  const match = bodyObject(input.match ?? {}, ['accountId', 'caller'])
  const effect = input.effect ?? false
  if (typeof effect !== 'boolean')
    throw new ControlError(400, 'InvalidField', '"effect" must be true or false.')
  if (input.effect !== undefined && !replacing.includes(fault)) {
    throw new ControlError(400, 'InvalidField', `"effect" applies to ${replacing.join(', ')} only.`)
  }
  return {
    id: randomUUID(),
    operation,
    fault,
    timesLeft: integerField(input, 'times', 1, 1, 1_000_000),
    match: { accountId: textField(match, 'accountId'), caller: textField(match, 'caller') },
    effect,
  }
}

function checkFaultName(fault: string, actions: readonly Action[]): void {
  if (replacing.includes(fault) || refusing.includes(fault)) return
  const milliseconds = /^slow:(\d{1,6})$/.exec(fault)?.[1]
  if (milliseconds !== undefined && Number(milliseconds) <= slowMsMax) return
  const code = /^code:(.+)$/.exec(fault)?.[1]
  if (code === undefined) {
    const known = [...refusing, ...replacing, `slow:<0-${slowMsMax}>`, 'code:<Code>'].join(', ')
    throw new ControlError(400, 'UnknownFault', `Unknown fault "${fault}". Known: ${known}.`)
  }
  const undocumented = actions.find((action) => !documentedRefusal(code, action))
  if (undocumented) {
    const name = `${undocumented.product}/${undocumented.operation}`
    throw new ControlError(400, 'UnknownCode', `"${code}" is not documented for ${name} or the gateway.`)
  }
}

/** Returns the oldest armed fault that matches a call, and counts one use of it. */
export function takeFault(
  state: SandboxState,
  action: Action,
  caller: Caller,
  target: string,
): ArmedFault | undefined {
  const found = state.faults.find(
    ({ operation, match }) =>
      (operation === action.operation || operation === `${action.product}/${action.operation}`) &&
      (match.accountId === undefined || match.accountId === target) &&
      (match.caller === undefined || namesOf(caller).includes(match.caller)),
  )
  if (!found) return undefined
  found.timesLeft -= 1
  if (found.timesLeft === 0) state.faults = state.faults.filter((fault) => fault !== found)
  state.onChange()
  return found
}

/** A role session also matches by its session name: consoles use the name of the user who assumed the role. */
function namesOf(caller: Caller): string[] {
  return [caller.keyId, caller.name, caller.name.slice(caller.name.indexOf('/') + 1)]
}
