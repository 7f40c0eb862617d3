/**
 * The Alibaba Cloud client. The only place that knows the vendor's operations, field names and error codes, and the
 * SDK's behavior. `createCloud` is called once per process and its result once per caller.
 *
 * Every failure of a method is a `CloudError`. Before repeating a change, check `executed`: `maybe` means that the
 * outcome is unknown and must be reconciled or shown as unknown. No error contains a phone number, code or key.
 * Reads are retried once if the connection fails; changes never.
 */

export type { EnablePlan } from '@/lib/contract/vendor-calls'
export type { CloudMember, Directory, Identity } from './answers'
export type { CloudOptions, Pacer } from './call'
export { type Cloud, createCloud } from './cloud'
export { type Endpoints, ecdRegions, endpointOf } from './endpoints'
export { CloudError } from './failure'
export type { CenCheck, OfficeNetwork } from './network-answers'
export { type OperationName, operations, operatorPolicy, readOnlyPolicy } from './operations'
export type { Caller } from './send'
