import { vendorCalls } from '@/lib/contract/vendor-calls'

export type Product = 'Sts' | 'ResourceManager' | 'ResourceDirectoryMaster' | 'ecd'

interface Operation {
  product: Product
  version: string
  /** The vendor's name for it. */
  operation: string
  /** The action a RAM policy must allow; null = no permission required. */
  ramAction: `${string}:${string}` | null
  /** Documented rate limit: calls per second per cloud account, shared with every other tool of that account. */
  limitPerSecond: number
  /**
   * Only a `read` is retried automatically. `idempotent` makes no lasting change, but may use up a code or open a
   * session: only a person may repeat it. `once` makes a change and must never be repeated blindly.
   */
  kind: 'read' | 'idempotent' | 'once'
  /** The flow it belongs to, if the messages of refusals depend on that. */
  flow?: 'bind_phone' | 'enable_directory' | 'join_network'
}

const sts = { product: 'Sts', version: '2015-04-01' } as const
const master = { product: 'ResourceDirectoryMaster', version: '2022-04-19' } as const
/** One host per region; every call names its region. */
const desktop = { product: 'ecd', version: '2020-09-30' } as const
const read = { kind: 'read' } as const
const binding = { flow: 'bind_phone' } as const
const enabling = { flow: 'enable_directory' } as const
const joining = { flow: 'join_network' } as const

/** No limit is documented for `ecd`. A low one is enough: these calls are made by people, one at a time. */
const assumedLimit = { limitPerSecond: 10 } as const

/**
 * Every call this console makes, by the `Cloud` method that makes it. Pacing, retries and the RAM policies are derived
 * from this table. Limits: https://www.alibabacloud.com/help/en/resource-management/resource-directory/product-overview/limits
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
  payer: {
    ...master,
    ...read,
    operation: 'GetPayerForAccount',
    ramAction: 'resourcemanager:GetPayerForAccount',
    // Not documented; that of the other reads.
    limitPerSecond: 50,
  },
  sendBindCode: {
    ...vendorCalls.sendBindCode,
    ...binding,
    ramAction: 'resourcemanager:SendVerificationCodeForBindSecureMobilePhone',
    limitPerSecond: 10,
    kind: 'once',
  },
  bindPhone: {
    ...vendorCalls.bindPhone,
    ...binding,
    ramAction: 'resourcemanager:BindSecureMobilePhone',
    limitPerSecond: 20,
    kind: 'once',
  },
  sendEnableCode: {
    ...vendorCalls.sendEnableCode,
    ...enabling,
    ramAction: 'resourcemanager:SendVerificationCodeForEnableRD',
    limitPerSecond: 5,
    kind: 'once',
  },
  enableDirectory: {
    ...vendorCalls.enableDirectory,
    ...enabling,
    ramAction: 'resourcemanager:EnableResourceDirectory',
    limitPerSecond: 10,
    kind: 'once',
  },
  /** A dry run, offered only by this product. Whether it uses up the code is not documented. */
  tryEnableDirectory: {
    ...master,
    ...enabling,
    operation: 'EnableResourceDirectory',
    ramAction: 'resourcemanager:EnableResourceDirectory',
    limitPerSecond: 10,
    kind: 'idempotent',
  },
  listRegions: {
    ...desktop,
    ...read,
    ...assumedLimit,
    operation: 'DescribeRegions',
    ramAction: 'ecd:DescribeRegions',
  },
  listNetworks: {
    ...desktop,
    ...read,
    ...assumedLimit,
    operation: 'DescribeOfficeSites',
    ramAction: 'ecd:DescribeOfficeSites',
  },
  listCens: {
    ...desktop,
    ...read,
    ...assumedLimit,
    operation: 'DescribeCens',
    ramAction: 'ecd:DescribeCens',
  },
  sendCenCode: {
    ...vendorCalls.sendCenCode,
    ...joining,
    ...assumedLimit,
    ramAction: 'ecd:SendVerifyCode',
    kind: 'once',
  },
  /** Changes nothing, but may use up the code or count a wrong one. */
  verifyCen: {
    ...desktop,
    ...joining,
    ...assumedLimit,
    operation: 'VerifyCen',
    ramAction: 'ecd:VerifyCen',
    kind: 'idempotent',
  },
  attachCen: {
    ...vendorCalls.attachCen,
    ...joining,
    ...assumedLimit,
    ramAction: 'ecd:AttachCen',
    kind: 'once',
  },
  detachCen: {
    ...desktop,
    ...joining,
    ...assumedLimit,
    operation: 'DetachCen',
    ramAction: 'ecd:DetachCen',
    kind: 'once',
  },
} as const satisfies Record<string, Operation>

export type OperationName = keyof typeof operations

// The policies are for sessions that exist already, which neither need nor get permission to assume a role.
const granted: Operation[] = Object.values(operations).filter((one) => one.product !== 'Sts')

function policy(rows: Operation[]): string {
  const actions = [...new Set(rows.flatMap((row) => row.ramAction ?? []))]
  return JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
  })
}

/** The RAM policy for an operator: every operation of the console and nothing else. */
export function operatorPolicy(): string {
  return policy(granted)
}

/** The RAM policy for read-only access. */
export function readOnlyPolicy(): string {
  return policy(granted.filter((row) => row.kind === 'read'))
}
