import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { auditedPart } from '@/lib/contract/audited'
import type { UseCase } from './define'
import * as enable from './enable'
import * as health from './health'
import * as members from './members'
import * as networks from './networks'
import * as phone from './phone'
import * as sandbox from './sandbox'
import * as session from './session'
import * as settings from './settings'

const modules = { enable, health, members, networks, phone, sandbox, session, settings }

const requestId = '00000000-0000-4000-8000-000000000000'
const at = { region: 'ap-southeast-1', networkId: 'ap-southeast-1+dir-0000000001' }
const cen = { cenId: 'cen-5d0k7r2vq9xw3mzt81' }
const owner = { ownerId: '9134520068812347' }
const memberId = '1234567890123456'
const code = '123456'
const number = '65-91234567'

/** Every mutation by a signed-in operator with all its input fields, and those fields that its audit rows hold. */
const changes: Record<string, { inputs: object[]; audited: string[] }> = {
  'session.signOut': { inputs: [{}], audited: [] },
  'session.signOutEverywhere': { inputs: [{}], audited: [] },
  'session.changeSite': { inputs: [{ site: 'china' }], audited: ['site'] },

  'members.refreshMembers': { inputs: [{}], audited: [] },

  'phone.sendCode': {
    inputs: [{ memberId, phone: number, confirmResend: true, seen: requestId }],
    audited: ['confirmResend', 'memberId'],
  },
  'phone.discardCode': {
    inputs: [{ memberId, requestId, unresolved: true }],
    audited: ['memberId', 'requestId', 'unresolved'],
  },
  'phone.bindPhone': { inputs: [{ memberId, requestId, code }], audited: ['memberId', 'requestId'] },
  'phone.reconcilePhone': { inputs: [{ memberId }], audited: ['memberId'] },

  'enable.sendEnableCode': {
    inputs: [{ namePrefix: 'harbour', phone: number, confirmResend: true, seen: requestId }],
    audited: ['confirmResend', 'namePrefix'],
  },
  'enable.discardEnableCode': { inputs: [{ requestId }], audited: ['requestId'] },
  'enable.tryEnable': {
    inputs: [{ requestId, code, namePrefix: 'harbour' }],
    audited: ['namePrefix', 'requestId'],
  },
  'enable.enableDirectory': {
    inputs: [{ requestId, code, namePrefix: 'harbour', confirmation: memberId }],
    audited: ['namePrefix', 'requestId'],
  },
  'enable.reconcileDirectory': { inputs: [{}], audited: [] },

  'networks.sendCenCode': {
    inputs: [{ ...at, ...cen, ...owner, confirmResend: true, seen: requestId }],
    audited: ['cenId', 'confirmResend', 'networkId', 'ownerId', 'region'],
  },
  'networks.discardCenRequest': {
    inputs: [{ ...at, requestId }],
    audited: ['networkId', 'region', 'requestId'],
  },
  'networks.checkCen': {
    inputs: [
      { ...at, ...cen },
      { ...at, requestId, code },
    ],
    audited: ['cenId', 'networkId', 'region', 'requestId'],
  },
  'networks.attachNetwork': {
    inputs: [
      { ...at, ...cen },
      { ...at, requestId, code },
    ],
    audited: ['cenId', 'networkId', 'region', 'requestId'],
  },
  'networks.detachNetwork': { inputs: [{ ...at, ...cen }], audited: ['cenId', 'networkId', 'region'] },
  'networks.reconcileNetwork': { inputs: [at], audited: ['networkId', 'region'] },

  'sandbox.armFault': {
    inputs: [
      {
        operation: 'GetAccount',
        fault: 'code',
        code: 'Throttling.User',
        milliseconds: 1,
        times: 1,
        effect: true,
      },
    ],
    audited: ['code', 'effect', 'fault', 'milliseconds', 'operation', 'times'],
  },
  'sandbox.disarmFault': { inputs: [{ id: 'fault-1' }], audited: ['id'] },
  'sandbox.advanceClock': { inputs: [{ seconds: 60 }], audited: ['seconds'] },
  'sandbox.resetSandbox': { inputs: [{}], audited: [] },
}

const found = Object.entries(modules).flatMap(([area, module]) =>
  Object.entries(module)
    .filter((entry): entry is [string, UseCase] => isChange(entry[1]))
    .map(([name, useCase]) => [`${area}.${name}`, useCase] as const),
)

function isChange(value: unknown): value is UseCase {
  return typeof value === 'object' && value !== null && 'action' in value && value.action !== null
}

test('every mutation is in this list', () => {
  expect(found.map(([name]) => name).sort()).toEqual(Object.keys(changes).sort())
})

test.each(found)('the audit of %s holds only the fields in this list', (name, { endpoint }) => {
  const { inputs = [], audited = [] } = changes[name] ?? {}
  const { input } = endpoint
  // A field missing from the list would not be compared.
  const fields = input instanceof z.ZodMiniObject ? Object.keys(input.shape) : ['']
  expect([...new Set(inputs.flatMap(Object.keys))].sort()).toEqual(fields.sort())
  const paths = inputs.flatMap((one) => pathsOf(auditedPart(input, input.parse(one))))
  expect([...new Set(paths)].sort()).toEqual(audited)
})

function pathsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, part]) => pathsOf(part, path ? `${path}.${name}` : name))
}
