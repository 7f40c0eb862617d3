import type { Action, Handler, Product } from './call.ts'
import type { OperationCode } from './wire-errors.ts'

// Flow limits are calls per second per main account, from https://help.aliyun.com/document_detail/333462.html (assumed 50
// where not listed, and 20 for ecd).

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

/** An operation both directory products have; they share their RAM actions. */
export function both(operation: string, perSecond: number, handler: Handler, details: Details): Action[] {
  return [
    row('ResourceManager', operation, perSecond, handler, details),
    row('ResourceDirectoryMaster', operation, perSecond, handler, details),
  ]
}

/** Every operation on office networks needs a region. `params` are those that may be left out. */
export function ecd(
  operation: string,
  handler: Handler,
  required: readonly string[],
  { params = [], ...details }: Details,
): Action {
  const needed = ['RegionId', ...required]
  return row('ecd', operation, 20, handler, { ...details, params: [...needed, ...params], required: needed })
}
