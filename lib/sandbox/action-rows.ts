import type { Action, Handler, Product } from './call.ts'
import type { OperationCode } from './wire-errors.ts'

// Flow limits, in calls per second per main account, are from https://help.aliyun.com/document_detail/333462.html.
// Operations not listed there are assumed to allow 50, and those of ecd 20.

export const noDirectory: OperationCode = 'EntityNotExists.ResourceDirectory'
export const paging = ['PageNumber', 'PageSize']
export const sendErrors: readonly OperationCode[] = [
  'NotSupport.AccountInAnotherResourceDirectory',
  'EntityAlreadyExists.ResourceDirectory',
  'SendValidateCodeExceedsLimitForAccount',
  'InvalidParameter.MobileCountryCode',
]

type Details = Partial<Pick<Action, 'params' | 'required' | 'ramAction' | 'target' | 'resource' | 'errors'>>

export function row(
  product: Product,
  operation: string,
  perSecond: number,
  handler: Handler,
  details: Details,
): Action {
  return {
    product,
    operation,
    perSecond,
    handler,
    params: [],
    required: [],
    errors: [],
    target: (params) => params.get('AccountId') ?? '',
    resource: () => '*',
    ramAction: `${product === 'ecd' ? 'ecd' : 'resourcemanager'}:${operation}`,
    ...details,
  }
}

/** An operation that both directory products offer, under the same RAM action. */
export function both(operation: string, perSecond: number, handler: Handler, details: Details): Action[] {
  return [
    row('ResourceManager', operation, perSecond, handler, details),
    row('ResourceDirectoryMaster', operation, perSecond, handler, details),
  ]
}

/** Every ecd operation requires RegionId. `params` lists the optional parameters. */
export function ecd(
  operation: string,
  handler: Handler,
  required: readonly string[],
  { params = [], ...details }: Details,
): Action {
  const needed = ['RegionId', ...required]
  return row('ecd', operation, 20, handler, { ...details, params: [...needed, ...params], required: needed })
}
