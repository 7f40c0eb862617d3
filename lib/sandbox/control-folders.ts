import { randomInt } from 'node:crypto'
import { bodyObject, ControlError, choiceField, textField } from './control-input.ts'
import type { Folder } from './model.ts'
import type { SandboxState } from './state.ts'

/** Below the root folder. https://www.alibabacloud.com/help/en/resource-management/resource-directory/product-overview/limits */
const levelsMax = 5
const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** Adds the missing folders of a path such as `Retail/Online` to a site's directory. @returns the last folder */
export function addFolders(state: SandboxState, body: unknown): Folder {
  const input = bodyObject(body, ['site', 'path'])
  const site = choiceField(input, 'site', ['international', 'china'])
  const directory = state.world.directories.find((known) => state.account(known.accountId)?.site === site)
  if (!directory) throw new ControlError(400, 'MissingField', '"site" must be international or china.')
  const names = (textField(input, 'path') ?? '').split('/')
  if (names.length > levelsMax || names.some((name) => name.trim() === '')) {
    throw new ControlError(400, 'InvalidField', `"path" must be 1 to ${levelsMax} names joined by "/".`)
  }
  let parent = state.folder(directory, directory.rootFolderId)
  for (const name of names) {
    const parentId = parent?.id
    const known = state.folders(directory).find((one) => one.parentId === parentId && one.name === name)
    parent = known ?? {
      id: `fd-${Array.from({ length: 10 }, () => letters[randomInt(letters.length)]).join('')}`,
      directoryId: directory.id,
      name,
      parentId,
      createTime: new Date(state.now()).toISOString(),
    }
    if (!known) state.addFolder(parent)
  }
  if (!parent) throw new ControlError(404, 'UnknownFolder', 'That directory has no root folder.')
  return parent
}
