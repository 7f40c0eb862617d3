import type { Member } from '../model.ts'
import type { Company, SeedMember } from './company.ts'
import { digest } from './ids.ts'

/** A status of a member that was created rather than invited; most are `CreateSuccess`. */
function statusFor(byte: number): Member['status'] {
  if (byte < 236) return 'CreateSuccess'
  if (byte < 242) return 'PromoteFailed'
  if (byte < 247) return 'PromoteExpired'
  if (byte < 252) return 'PromoteCancelled'
  return 'PromoteVerifying'
}

function phoneFor(company: Company, number: number): string {
  const digits = String(number).padStart(6, '0')
  return company.site === 'china' ? `86-100${digits.padStart(8, '0')}` : `65-80${digits}`
}

/** Generates realistic members, for directories of any size. The nth member is the same for the same count. */
export function generateMembers(company: Company, count: number): SeedMember[] {
  const { units, systems, stages } = company.generated
  const start = Date.parse('2021-01-04T00:00:00Z')
  const spanDays = 1700
  return Array.from({ length: count }, (_, index) => {
    const unit = pick(units, index)
    const system = pick(systems, Math.floor(index / units.length))
    const stage = pick(stages, Math.floor(index / (units.length * systems.length)))
    const round = String(Math.floor(index / (units.length * systems.length * stages.length)) + 1).padStart(
      2,
      '0',
    )
    const bytes = digest(`${company.directoryId}:${index}`)
    const cloud = bytes.readUInt8(0) < 16
    const day = new Date(start + Math.floor((index * spanDays) / count) * 86_400_000)
    return {
      name: `${unit.word}-${system.word}-${stage.word}-${round}`,
      prefix: `${unit.prefix}-${system.prefix}-${stage.prefix}-${round}`,
      folder: unit.folder,
      joined: day.toISOString().slice(0, 10),
      type: cloud ? 'CloudAccount' : 'ResourceAccount',
      status: cloud ? 'InviteSuccess' : statusFor(bytes.readUInt8(1)),
      phone: bytes.readUInt8(2) < 140 ? phoneFor(company, index) : undefined,
      tags: `env=${stage.prefix} team=${unit.prefix}`,
    }
  })
}

function pick<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length]
  if (item === undefined) throw new Error('The seed needs at least one entry of each kind.')
  return item
}
