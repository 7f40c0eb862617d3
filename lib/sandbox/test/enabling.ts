import { expect } from 'vitest'
import type { Sandbox, SandboxControl } from '../index.ts'
import { call, type Key, persona, type Reply, refusal } from './clients.ts'

export const oliver = persona('no-directory')
export const phone = '65-91234567'
export const suffix = '@rdadmin.aliyunid.com'
export const name = `ventures-root${suffix}`
export const products = ['ResourceManager', 'ResourceDirectoryMaster'] as const
export type Product = (typeof products)[number]
export const send = 'SendVerificationCodeForEnableRD'
export const enableOperation = 'EnableResourceDirectory'
export const requestIdOnly = { RequestId: expect.any(String) }

/** Requests a code and reads it from the inbox. */
export async function sendEnableCode(
  sandbox: Sandbox,
  control: SandboxControl,
  to: string | null = phone,
  key: Key = oliver,
): Promise<string> {
  await call(sandbox, key, `ResourceManager/${send}`, to === null ? {} : { SecureMobilePhone: to })
  const [message] = await control.messages({ operation: send })
  if (!message) throw new Error('No message arrived.')
  return message.code
}

export function enable(
  sandbox: Sandbox,
  query: Record<string, string>,
  product: Product = 'ResourceManager',
  key: Key = oliver,
): Promise<Reply> {
  return call(sandbox, key, `${product}/${enableOperation}`, query)
}

/** The parameters for enabling with a new management account. */
export function newManager(code: string, other: Record<string, string> = {}): Record<string, string> {
  return {
    EnableMode: 'NewManagementAccount',
    MAName: name,
    MASecureMobilePhone: phone,
    VerificationCode: code,
    ...other,
  }
}

export const current = { EnableMode: 'CurrentAccount' }
export const dry = { DryRun: 'true' }
export const wrongOf = (code: string) => (code === '000000' ? '000001' : '000000')

export const directoryOf = (sandbox: Sandbox, key: Key) =>
  call(sandbox, key, 'ResourceDirectoryMaster/GetResourceDirectory')

export async function managerOf(control: SandboxControl, id = 'ma-ventures-root') {
  const found = (await control.personas()).find((one) => one.id === id)
  if (!found) throw new Error(`No persona ${id}`)
  return found
}

/** The account still has no directory. */
export async function expectNoDirectory(sandbox: Sandbox, key: Key = oliver): Promise<void> {
  expect(await refusal(directoryOf(sandbox, key))).toMatchObject({ code: 'ResourceDirectoryNotInUse' })
}
