import type { Site } from './model.ts'
import { allowedAtSite, phoneShape } from './secure-phone.ts'

/** An error of the control API. It has its own format, because it is not part of the emulated cloud. */
export class ControlError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'ControlError'
    this.status = status
    this.code = code
  }
}

type Input = Record<string, unknown>

/** @throws ControlError unless the value is an object with known fields only */
export function bodyObject(value: unknown, fields: readonly string[]): Input {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ControlError(400, 'InvalidBody', 'Expected a JSON object.')
  }
  const unknown = Object.keys(value).find((name) => !fields.includes(name))
  if (unknown !== undefined) {
    throw new ControlError(400, 'UnknownField', `Unknown field "${unknown}". Known: ${fields.join(', ')}.`)
  }
  return value as Input
}

export function textField(input: Input, name: string): string | undefined {
  const value = input[name]
  if (value !== undefined && typeof value !== 'string') {
    throw new ControlError(400, 'InvalidField', `"${name}" must be a string.`)
  }
  return value
}

export function booleanField(input: Input, name: string): boolean | undefined {
  const value = input[name]
  if (value !== undefined && typeof value !== 'boolean') {
    throw new ControlError(400, 'InvalidField', `"${name}" must be true or false.`)
  }
  return value
}

/** A string that `null` clears. Without the field, the previous value stays. */
export function clearableField(input: Input, name: string, before: string | undefined): string | undefined {
  if (input[name] === null) return undefined
  return textField(input, name) ?? before
}

/** A phone number that the site allows; `null` means none. */
export function phoneField(input: Input, site: Site): string | undefined {
  const { phone } = input
  if (phone === null || phone === undefined) return undefined
  if (typeof phone === 'string' && phoneShape.test(phone) && allowedAtSite(phone, site)) return phone
  const example = site === 'china' ? '86-13900001234' : '65-91234567'
  throw new ControlError(400, 'InvalidField', `"phone" must look like ${example} at this site.`)
}

export function choiceField<T extends string>(
  input: Input,
  name: string,
  choices: readonly T[],
): T | undefined {
  const value = textField(input, name)
  if (value === undefined) return undefined
  const choice = choices.find((known) => known === value)
  if (choice === undefined) {
    throw new ControlError(400, 'InvalidField', `"${name}" must be one of: ${choices.join(', ')}.`)
  }
  return choice
}

/** A documented value, or an undocumented one as `new:<Word>`. The prefix keeps misspellings from getting through. */
export function wordField(input: Input, name: string, documented: readonly string[]): string | undefined {
  const value = textField(input, name)
  const added = /^new:(\w{1,40})$/.exec(value ?? '')?.[1]
  return added ?? choiceField(input, name, documented)
}

export function integerField(input: Input, name: string, fallback: number, min: number, max: number): number {
  const value = input[name] === undefined ? fallback : input[name]
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw new ControlError(400, 'InvalidField', `"${name}" must be a whole number from ${min} to ${max}.`)
  }
  return value
}
