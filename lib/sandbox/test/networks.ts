import type { Sandbox, SandboxControl } from '../index.ts'
import { call, type Key, persona, type Reply } from './clients.ts'

export const admin = persona('intl-admin')
export const china = persona('china-admin')
export const singapore = 'ap-southeast-1'
export const backbone = 'cen-5d0k7r2vq9xw3mzt81'
/** CENs of other accounts, one per site. */
export const lumen = { cenId: 'cen-7ku2w9xq4mz81hvt3e', ownerId: '9134520068812347' }
export const yuanfan = { cenId: 'cen-3bq8n5xr1kt6wz0v9m', ownerId: '9351074826610093' }
export const action = 'eds_cenID_securityverification'
export const wrongCode = (code: string) => (code === '000000' ? '000001' : '000000')

export interface OfficeSite {
  OfficeSiteId: string
  Name: string
  OfficeSiteType: string
  VpcType: string
  Status: string
  CenId?: string
  CenAttachStatus?: string
  CreationTime: string
}

export function ecd(
  sandbox: Sandbox,
  operation: string,
  query: Record<string, string> = {},
  key: Key = admin,
) {
  return call(sandbox, key, `ecd/${operation}`, { RegionId: singapore, ...query })
}

export async function officeSites(sandbox: Sandbox, query: Record<string, string> = {}, key: Key = admin) {
  const reply = await ecd(sandbox, 'DescribeOfficeSites', { MaxResults: '100', ...query }, key)
  return reply.OfficeSites as OfficeSite[]
}

export async function officeSite(sandbox: Sandbox, id: string): Promise<OfficeSite> {
  const [found] = await officeSites(sandbox, { 'OfficeSiteId.1': id })
  if (!found) throw new Error(`No network ${id}`)
  return found
}

export async function newNetwork(control: SandboxControl, order = {}): Promise<string> {
  const [id] = await control.addNetworks('international', [order])
  if (id === undefined) throw new Error('No network was added.')
  return id
}

export function send(
  sandbox: Sandbox,
  extraInfo: string,
  key: Key = admin,
  region = singapore,
): Promise<Reply> {
  const query = {
    RegionId: region,
    VerifyCodeAction: action,
    ExtraInfo: extraInfo,
  }
  return ecd(sandbox, 'SendVerifyCode', query, key)
}

/** Requests a code for the other account's CEN on the international site, and reads it from the inbox. */
export async function codeFor(sandbox: Sandbox, control: SandboxControl, key: Key = admin): Promise<string> {
  await send(sandbox, `{"cenOwnerId":${lumen.ownerId},"cenId":"${lumen.cenId}"}`, key)
  const [message] = await control.messages({ accountId: lumen.ownerId })
  if (!message) throw new Error('No message arrived.')
  return message.code
}

export function attach(sandbox: Sandbox, id: string, query: Record<string, string> = {}, key: Key = admin) {
  return ecd(sandbox, 'AttachCen', { OfficeSiteId: id, CenId: backbone, ...query }, key)
}

export function attachCrossAccount(
  sandbox: Sandbox,
  id: string,
  code: string,
  key: Key = admin,
): Promise<Reply> {
  const query = { CenId: lumen.cenId, CenOwnerId: lumen.ownerId, VerifyCode: code }
  return attach(sandbox, id, query, key)
}

export function verify(sandbox: Sandbox, query: Record<string, string>): Promise<Reply> {
  return ecd(sandbox, 'VerifyCen', { CidrBlock: '172.20.0.0/16', ...query })
}

export const crossAccount = (code: string) => ({
  CenId: lumen.cenId,
  CenOwnerId: lumen.ownerId,
  VerifyCode: code,
})
