import { randomUUID } from 'node:crypto'
import { actionsNamed } from './actions.ts'
import type { Action } from './call.ts'
import { bodyObject, ControlError, integerField, textField } from './control-input.ts'
import type { Caller } from './permissions.ts'
import type { ArmedFault, SandboxState } from './state.ts'
import { documentedRefusal } from './wire-errors.ts'

/** Faults that replace the answer; for these the operation may be carried out first. */
const replacing = ['html502', 'empty', 'silent', 'reset']
const refusing = ['throttle', 'unavailable']
const slowMsMax = 600_000

/**
 * Reads a fault typed by a person or a test.
 * @throws ControlError naming what is wrong, so that a misspelt fault never passes for a test that holds.
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
    throw new ControlError(400, 'UnknownOperation', `No covered operation is called "${operation}".`)
  }
  checkFaultName(fault, actions)
  const match = bodyObject(input.match ?? {}, ['accountId', 'caller'])
  const effect = input.effect ?? false
  if (typeof effect !== 'boolean')
    throw new ControlError(400, 'InvalidField', '"effect" must be true or false.')
  if (input.effect !== undefined && !replacing.includes(fault)) {
    throw new ControlError(400, 'InvalidField', `"effect" belongs to ${replacing.join(', ')} only.`)
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
    throw new ControlError(400, 'UnknownFault', `"${fault}" is no fault. Known: ${known}.`)
  }
  const undocumented = actions.find((action) => !documentedRefusal(code, action))
  if (undocumented) {
    const name = `${undocumented.product}/${undocumented.operation}`
    throw new ControlError(
      400,
      'UnknownCode',
      `"${code}" is documented neither for ${name} nor for the gateway.`,
    )
  }
}

/** Takes the first armed fault that fits a call, using it up once. */
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

/** A role session answers to its own name, too: consoles name it after the user who assumed the role. */
function namesOf(caller: Caller): string[] {
  return [caller.keyId, caller.name, caller.name.slice(caller.name.indexOf('/') + 1)]
}
