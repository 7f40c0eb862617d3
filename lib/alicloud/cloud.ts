import { type EnablePlan, vendorParameters } from '@/lib/contract/vendor-calls'
import {
  Accepted,
  AssumedRole,
  CallerIdentity,
  type CloudFolder,
  type CloudMember,
  type CloudMemberDetails,
  type Credentials,
  type Directory,
  DirectoryAnswer,
  EnabledDirectory,
  FolderPage,
  type Identity,
  MemberDetails,
  MemberPage,
  type Payer,
  PayerAnswer,
  SentCode,
} from './answers'
import { type CloudOptions, createCall } from './call'
import { CloudError } from './failure'
import { type NetworkCalls, networkCalls } from './networks'
import type { Caller } from './send'

/**
 * Every call this console makes to Alibaba Cloud, on behalf of one caller.
 *
 * Deadline: `CloudOptions.deadlineMs` per request, a retry included; waiting for a turn does not count. `listNetworks` and
 * `listCens` may send several requests, each with its own deadline.
 *
 * Pacing: except for STS, requests stay below the vendor's rate limit per operation and account (and region), over all
 * processes: `operations.ts` has the limits and their source. At most 64 requests of this process run at once. A request
 * waits for its turn up to `maxWaitMs`, or `stalledMaxMs` if the process itself stalls. When the vendor throttles one, its
 * key is paused for a second.
 *
 * Retries: a read is sent once more if the connection failed. Nothing else is ever repeated.
 *
 * @throws CloudError from every method. By `kind`:
 * - `refused`: rejected with an error code (`catalog.ts`), or by this console before sending. Not executed.
 * - `busy`: throttled, or no turn in time, or a change during shutdown. Not executed.
 * - `silent`: no response in time, cut off, or a vendor fault. `executed` is `maybe`, but `no` if there was no connection.
 * - `not_understood`: an undocumented response. `executed` is `maybe`.
 */
export interface Cloud extends NetworkCalls {
  /** Needs no permission: https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-getcalleridentity */
  callerIdentity(): Promise<Identity>
  /**
   * Refused for root users. `durationSeconds` from 900 to the role's maximum; `policy` up to 2,048 characters:
   * https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
   */
  assumeRole(input: {
    roleArn: string
    sessionName: string
    durationSeconds: number
    policy: string
  }): Promise<{ credentials: Credentials; endsAt: Date; arn: string }>
  /** null = the account has no directory and is not a member of one (`directory.none` is not thrown). */
  directory(): Promise<Directory | null>
  /**
   * Pages start at 1; `pageSize` is 1 to 100, default 100. `received` also counts rows that cannot be read.
   * https://www.alibabacloud.com/help/en/resource-management/resource-directory/developer-reference/api-resourcedirectorymaster-2022-04-19-listaccounts
   */
  listMembers(input: {
    page: number
    pageSize?: number
    query?: string
  }): Promise<{ total: number; received: number; members: CloudMember[] }>
  /**
   * The direct subfolders of `parentId`; null = of the root. Pages start at 1 and hold 100, the vendor's maximum:
   * https://www.alibabacloud.com/help/en/resource-management/developer-reference/api-resourcedirectorymaster-2022-04-19-listfoldersforparent
   */
  listFolders(input: {
    parentId: string | null
    page: number
  }): Promise<{ total: number; received: number; folders: CloudFolder[] }>
  member(memberId: string): Promise<CloudMemberDetails>
  payer(memberId: string): Promise<Payer>
  /**
   * `phone` in the vendor's format `65-91234567`. Accounts of the China site accept only `86-` numbers, those of the
   * international site all others. `expiresAt` null = not reported. https://help.aliyun.com/document_detail/372556.html
   */
  sendBindCode(input: {
    memberId: string
    phone: string
  }): Promise<{ requestId: string; expiresAt: Date | null }>
  /**
   * Only a member's first number, only resource accounts, and not as a root user; `phone` is the one the code was sent to.
   * https://help.aliyun.com/document_detail/372561.html
   */
  bindPhone(input: { memberId: string; phone: string; code: string }): Promise<{ requestId: string }>

  /**
   * `phone` null = to the account's own number. The response has no expiry.
   * https://help.aliyun.com/document_detail/364248.html
   */
  sendEnableCode(input: { phone: string | null }): Promise<{ requestId: string }>
  /**
   * Fails if the account already has a directory or is a member of one:
   * https://www.alibabacloud.com/help/en/resource-management/resource-directory/developer-reference/api-resourcemanager-2020-03-31-enableresourcedirectory
   */
  enableDirectory(plan: EnablePlan): Promise<{ requestId: string; directory: Directory }>
  /** A dry run: fails as enabling would, and enables nothing. It may use up the code. */
  tryEnableDirectory(plan: EnablePlan): Promise<{ requestId: string }>
}

/** Alibaba Cloud on behalf of one caller. Cheap to create: it has no state and no connection. */
type CloudFor = (caller: Caller) => Cloud

const pageSizeMax = '100'

export function createCloud(options: CloudOptions): CloudFor {
  const call = createCall(options)

  return (caller) => ({
    callerIdentity: () => call(caller, { name: 'callerIdentity', query: {}, answer: CallerIdentity }),

    assumeRole: ({ roleArn, sessionName, durationSeconds, policy }) =>
      call(caller, {
        name: 'assumeRole',
        query: {
          RoleArn: roleArn,
          RoleSessionName: sessionName,
          DurationSeconds: String(durationSeconds),
          Policy: policy,
        },
        answer: AssumedRole,
      }),

    async directory() {
      try {
        return await call(caller, { name: 'directory', query: {}, answer: DirectoryAnswer })
      } catch (error) {
        if (error instanceof CloudError && error.code === 'directory.none') return null
        throw error
      }
    },

    listMembers: ({ page, pageSize, query }) =>
      call(caller, {
        name: 'listMembers',
        query: {
          PageNumber: String(page),
          PageSize: pageSize === undefined ? pageSizeMax : String(pageSize),
          IncludeTags: 'true',
          ...(query ? { QueryKeyword: query } : {}),
        },
        answer: MemberPage,
      }),

    listFolders: ({ parentId, page }) =>
      call(caller, {
        name: 'listFolders',
        query: {
          ...(parentId === null ? {} : { ParentFolderId: parentId }),
          PageNumber: String(page),
          PageSize: pageSizeMax,
        },
        answer: FolderPage,
      }),

    member: (memberId) =>
      call(caller, {
        name: 'member',
        query: { AccountId: memberId, IncludeTags: 'true' },
        answer: MemberDetails,
      }),

    payer: (memberId) => call(caller, { name: 'payer', query: { AccountId: memberId }, answer: PayerAnswer }),

    sendBindCode: (input) =>
      call(caller, {
        name: 'sendBindCode',
        query: vendorParameters.sendBindCode(input),
        answer: SentCode,
        secrets: phoneForms(input.phone),
      }),

    bindPhone: (input) =>
      call(caller, {
        name: 'bindPhone',
        query: vendorParameters.bindPhone(input),
        answer: Accepted,
        secrets: [...phoneForms(input.phone), input.code],
      }),

    sendEnableCode: (input) =>
      call(caller, {
        name: 'sendEnableCode',
        query: vendorParameters.sendEnableCode(input),
        answer: Accepted,
        secrets: phoneForms(input.phone),
      }),

    enableDirectory: (plan) =>
      call(caller, { name: 'enableDirectory', ...enabling(plan), answer: EnabledDirectory }),

    tryEnableDirectory(plan) {
      const { query, secrets } = enabling(plan)
      return call(caller, {
        name: 'tryEnableDirectory',
        query: { ...query, DryRun: 'true' },
        answer: Accepted,
        secrets,
      })
    },

    ...networkCalls(call, caller),
  })
}

function enabling(plan: EnablePlan): { query: Record<string, string>; secrets: string[] } {
  const secrets = plan.mode === 'current' ? [] : [...phoneForms(plan.phone), plan.code]
  return { query: vendorParameters.enableDirectory(plan), secrets }
}

/** As sent, without the hyphen, and without the country code; longest first. */
function phoneForms(phone: string | null): string[] {
  if (phone === null) return []
  const [, national = phone] = phone.split('-', 2)
  return [phone, phone.replace('-', ''), national]
}
