import type { Action, Product } from './call.ts'
import { cenActions } from './cen.ts'
import { directoryActions } from './directory.ts'
import { enableActions } from './enable-directory.ts'
import { officeSiteActions } from './office-sites.ts'
import { regionActions } from './regions.ts'
import { securePhoneActions } from './secure-phone.ts'
import { stsActions } from './sts.ts'

/** No two products share a version, so the version of a call identifies its product. */
const products: readonly { product: Product; version: string; host: string }[] = [
  { product: 'Sts', version: '2015-04-01', host: 'sts.aliyuncs.com' },
  { product: 'ResourceManager', version: '2020-03-31', host: 'resourcemanager.aliyuncs.com' },
  { product: 'ResourceDirectoryMaster', version: '2022-04-19', host: 'resourcedirectory.aliyuncs.com' },
  { product: 'ecd', version: '2020-09-30', host: 'ecd.aliyuncs.com' },
]

/** Every operation the emulator covers. Each area's file holds its handlers and, at the end, their rows. */
const table: readonly Action[] = [
  ...stsActions,
  ...directoryActions,
  ...securePhoneActions,
  ...enableActions,
  ...regionActions,
  ...officeSiteActions,
  ...cenActions,
]

const byName = new Map(table.map((action) => [`${action.product}/${action.operation}`, action]))

export function productOfVersion(version: string): (typeof products)[number] | undefined {
  return products.find((product) => product.version === version)
}

export function findAction(product: Product, operation: string): Action | undefined {
  return byName.get(`${product}/${operation}`)
}

/** The actions with a given name: one for `Product/Operation`, one per product for a bare operation name. */
export function actionsNamed(name: string): readonly Action[] {
  const exact = byName.get(name)
  return exact ? [exact] : table.filter((action) => action.operation === name)
}

/** Every covered operation as `Product/Operation`. */
export function operationNames(): string[] {
  return [...byName.keys()]
}
