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
  SentCode,
} from './answers'
import { type CloudOptions, createCall } from './call'
import { CloudError } from './failure'
import { type NetworkCalls, networkCalls } from './networks'
import type { Caller } from './send'

/** Everything this console does at Alibaba Cloud, as one caller. Failures are `CloudError`s. */
export interface Cloud extends NetworkCalls {
  callerIdentity(): Promise<Identity>
  assumeRole(input: {
    roleArn: string
    sessionName: string
    durationSeconds: number
    policy: string
  }): Promise<{ credentials: Credentials; endsAt: Date; arn: string }>
  /** null = the account has no directory and belongs to none. */
  directory(): Promise<Directory | null>
  /** Pages start at 1 and hold at most 100; without a `pageSize` they hold 100. `received` also counts rows nobody can read. */
  listMembers(input: {
    page: number
    pageSize?: number
    query?: string
  }): Promise<{ total: number; received: number; members: CloudMember[] }>
  /** The folders directly below one, or below the root, 100 a page from 1. */
  listFolders(input: {
    parentId: string | null
    page: number
  }): Promise<{ total: number; received: number; folders: CloudFolder[] }>
  member(memberId: string): Promise<CloudMemberDetails>
  /** `phone` as it is sent: `65-91234567`. `expiresAt` null = its life is not known. */
  sendBindCode(input: {
    memberId: string
    phone: string
  }): Promise<{ requestId: string; expiresAt: Date | null }>
  bindPhone(input: { memberId: string; phone: string; code: string }): Promise<{ requestId: string }>

  /** `phone` null = to the account's own. Nothing tells how long the code lives. */
  sendEnableCode(input: { phone: string | null }): Promise<{ requestId: string }>
  enableDirectory(plan: EnablePlan): Promise<{ requestId: string; directory: Directory }>
  /** A dry run: fails as enabling would, and enables nothing. It may use the code up. */
  tryEnableDirectory(plan: EnablePlan): Promise<{ requestId: string }>
}

/** Alibaba Cloud, as seen by whoever these credentials belong to. Costs nothing: no state, no connection. */
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

/** As sent, without its hyphen, and without its country code; the longest first. */
function phoneForms(phone: string | null): string[] {
  if (phone === null) return []
  const [, national = phone] = phone.split('-', 2)
  return [phone, phone.replace('-', ''), national]
}
