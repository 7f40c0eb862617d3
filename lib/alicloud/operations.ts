export type Product = 'Sts' | 'ResourceManager' | 'ResourceDirectoryMaster'

interface Operation {
  product: Product
  version: string
  /** The vendor's name of it. */
  operation: string
  /** What a RAM policy must allow; null = needs no permission. */
  ramAction: `${string}:${string}` | null
  /** Documented flow limit: calls a second per cloud account, shared with every other tool of that account. */
  limitPerSecond: number
  /** `once` must never be repeated by a machine; only `read` is ever retried. */
  kind: 'read' | 'idempotent' | 'once'
  /** What settles an unknown outcome: calling again, looking the member up, or nothing but a person. */
  reconcile: 'repeat' | 'get_member' | 'none'
}

const sts = { product: 'Sts', version: '2015-04-01' } as const
const manager = { product: 'ResourceManager', version: '2020-03-31' } as const
const master = { product: 'ResourceDirectoryMaster', version: '2022-04-19' } as const
const read = { kind: 'read', reconcile: 'repeat' } as const

/**
 * Every call this console makes, by the method of `Cloud` that makes it. Pacing, retries and the RAM policies
 * come from here. Limits: https://www.alibabacloud.com/help/en/resource-management/resource-directory/product-overview/limits
 * and the "QPS limit" section of each operation's page.
 */
export const operations = {
  callerIdentity: {
    ...sts,
    ...read,
    operation: 'GetCallerIdentity',
    ramAction: null,
    limitPerSecond: 100,
  },
  assumeRole: {
    ...sts,
    operation: 'AssumeRole',
    ramAction: 'sts:AssumeRole',
    limitPerSecond: 100,
    kind: 'idempotent',
    reconcile: 'repeat',
  },
  directory: {
    ...master,
    ...read,
    operation: 'GetResourceDirectory',
    ramAction: 'resourcemanager:GetResourceDirectory',
    limitPerSecond: 50,
  },
  listMembers: {
    ...master,
    ...read,
    operation: 'ListAccounts',
    ramAction: 'resourcemanager:ListAccounts',
    // Older pages say 50, newer ones 20.
    limitPerSecond: 20,
  },
  listFolders: {
    ...master,
    ...read,
    operation: 'ListFoldersForParent',
    ramAction: 'resourcemanager:ListFoldersForParent',
    limitPerSecond: 50,
  },
  member: {
    ...master,
    ...read,
    operation: 'GetAccount',
    ramAction: 'resourcemanager:GetAccount',
    limitPerSecond: 50,
  },
  sendBindCode: {
    ...manager,
    operation: 'SendVerificationCodeForBindSecureMobilePhone',
    ramAction: 'resourcemanager:SendVerificationCodeForBindSecureMobilePhone',
    limitPerSecond: 10,
    kind: 'once',
    reconcile: 'none',
  },
  bindPhone: {
    ...manager,
    operation: 'BindSecureMobilePhone',
    ramAction: 'resourcemanager:BindSecureMobilePhone',
    limitPerSecond: 20,
    kind: 'once',
    reconcile: 'get_member',
  },
} as const satisfies Record<string, Operation>

export type OperationName = keyof typeof operations

// The session a policy is for exists already: it neither needs nor gets the right to assume a role.
const granted: Operation[] = Object.values(operations).filter((one) => one.product !== 'Sts')

function policy(rows: Operation[]): string {
  const actions = [...new Set(rows.flatMap((row) => row.ramAction ?? []))]
  return JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
  })
}

/** The RAM policy of an operator: every operation of the console and nothing else. */
export function operatorPolicy(): string {
  return policy(granted)
}

/** The RAM policy of somebody who may look but not change. */
export function readOnlyPolicy(): string {
  return policy(granted.filter((row) => row.kind === 'read'))
}
