/**
 * Alibaba Cloud, in this console's words. The one place that knows the vendor: its operations, field names,
 * error codes and the SDK's ways. `createCloud` is called once per process and its result once per caller.
 *
 * Whatever a method throws on purpose is a `CloudError`. Before a change is repeated, `executed` decides:
 * `maybe` means that nobody knows, so the state is looked up or shown as unknown. No error holds a phone number,
 * a code or a key. Reads are retried once when the connection fails; changes never.
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
