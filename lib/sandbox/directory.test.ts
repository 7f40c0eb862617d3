import {
  GetAccountRequest,
  GetFolderRequest,
  ListAccountsForParentRequest,
  ListAccountsRequest,
  ListAncestorsRequest,
  ListFoldersForParentRequest,
} from '@alicloud/resourcemanager20200331'
import { expect, test } from 'vitest'
import type { Sandbox } from './index.ts'
import {
  call,
  newMember,
  persona,
  type Reply,
  refusal,
  resourceManager,
  startForTest,
} from './test/clients.ts'

const admin = persona('intl-admin')
const china = persona('china-admin')

interface WireAccount extends Reply {
  AccountId: string
  DisplayName: string
}

const accountsOf = (reply: Reply) => (reply.Accounts as { Account: WireAccount[] }).Account
const foldersOf = (reply: Reply) =>
  (reply.Folders as { Folder: { FolderId: string; FolderName: string }[] }).Folder

async function folderId(sandbox: Sandbox, ...names: string[]): Promise<string> {
  let parent = ''
  for (const name of names) {
    const reply = await call(sandbox, admin, 'ResourceDirectoryMaster/ListFoldersForParent', {
      ParentFolderId: parent,
      PageSize: '100',
    })
    parent = foldersOf(reply).find((folder) => folder.FolderName === name)?.FolderId ?? ''
    expect(parent).toMatch(/^fd-[A-Za-z0-9]{10}$/)
  }
  return parent
}

test('the directory is visible to its management account and members only', async () => {
  const { sandbox } = await startForTest()
  const expected = {
    MasterAccountId: admin.accountId,
    MasterAccountName: 'cloud@harbourgroup.example',
    IdentityInformation: 'Harbour Group Pte. Ltd.',
    ResourceDirectoryId: expect.stringMatching(/^rd-\w{6}$/),
    RootFolderId: expect.stringMatching(/^r-\w{6}$/),
    ControlPolicyStatus: 'Enabled',
    MemberDeletionStatus: 'Enabled',
  }
  const own = await call(sandbox, admin, 'ResourceManager/GetResourceDirectory')
  expect(own.ResourceDirectory).toMatchObject(expected)
  expect(own.ResourceDirectory).not.toHaveProperty('MemberAccountDisplayNameSyncStatus')
  expect(own.RequestId).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/)
  const byMaster = await call(sandbox, admin, 'ResourceDirectoryMaster/GetResourceDirectory')
  expect(byMaster.ResourceDirectory).toMatchObject({
    ...expected,
    MemberAccountDisplayNameSyncStatus: 'Disabled',
  })
  const member = await call(sandbox, persona('member'), 'ResourceManager/GetResourceDirectory')
  expect(member.ResourceDirectory).toMatchObject(expected)
  const other = await call(sandbox, china, 'ResourceManager/GetResourceDirectory')
  expect(other.ResourceDirectory).toMatchObject({ IdentityInformation: '海港集团有限公司' })
  const none = await refusal(call(sandbox, persona('no-directory'), 'ResourceManager/GetResourceDirectory'))
  expect(none).toMatchObject({ code: 'ResourceDirectoryNotInUse', status: 404 })
})

test('only management accounts can list members', async () => {
  const { sandbox } = await startForTest()
  for (const id of ['member', 'no-directory'] as const) {
    const refused = await refusal(call(sandbox, persona(id), 'ResourceDirectoryMaster/ListAccounts'))
    expect(refused).toMatchObject({ code: 'EntityNotExists.ResourceDirectory', status: 404 })
  }
})

test('both seed companies have members of every type and status, with unique 16-digit IDs', async () => {
  const { sandbox } = await startForTest()
  const listed = await Promise.all(
    [admin, china].map((key) =>
      call(sandbox, key, 'ResourceDirectoryMaster/ListAccounts', { PageSize: '100' }),
    ),
  )
  const [harbour = [], haigang = []] = listed.map(accountsOf)
  expect(harbour.length).toBeGreaterThanOrEqual(40)
  expect(haigang.length).toBeGreaterThanOrEqual(30)
  for (const members of [harbour, haigang]) {
    expect(new Set(members.map((member) => member.Type))).toEqual(
      new Set(['ResourceAccount', 'CloudAccount']),
    )
    expect(new Set(members.map((member) => member.Status)).size).toBe(7)
    expect(new Set(members.map((member) => member.DisplayName)).size).toBe(members.length)
    expect(members.filter((member) => member.DeletionStatus !== '').length).toBeGreaterThan(0)
  }
  const ids = [...harbour, ...haigang].map((member) => member.AccountId)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => !/^\d{16}$/.test(id))).toEqual([])
  expect(harbour.map((member) => member.DisplayName)).toContain('pos-staging')
  expect(haigang.map((member) => member.DisplayName)).toContain('财务共享')
})

test('paging by number returns every member once; invalid page sizes are refused', async () => {
  const { sandbox } = await startForTest()
  const seen: string[] = []
  let total = 1
  for (let page = 1; seen.length < total; page += 1) {
    const reply = await call(sandbox, admin, 'ResourceManager/ListAccounts', {
      PageNumber: String(page),
      PageSize: '7',
    })
    expect(reply).toMatchObject({ PageNumber: page, PageSize: 7 })
    expect(accountsOf(reply).length).toBeGreaterThan(0)
    total = Number(reply.TotalCount)
    seen.push(...accountsOf(reply).map((account) => account.AccountId))
  }
  expect(new Set(seen).size).toBe(total)
  const beyond = await call(sandbox, admin, 'ResourceManager/ListAccounts', { PageNumber: '999' })
  expect(accountsOf(beyond)).toEqual([])
  const byDefault = await call(sandbox, admin, 'ResourceManager/ListAccounts')
  expect(byDefault).toMatchObject({ PageNumber: 1, PageSize: 10 })
  for (const size of ['0', '101', 'ten', '-1']) {
    const refused = await refusal(call(sandbox, admin, 'ResourceManager/ListAccounts', { PageSize: size }))
    expect(refused).toMatchObject({ code: 'InvalidPageSize', status: 400 })
  }
})

test('paging by token (ResourceDirectoryMaster) returns every member, even if an earlier one leaves', async () => {
  const { sandbox, control } = await startForTest()
  const name = 'ResourceDirectoryMaster/ListAccounts'
  const first = await call(sandbox, admin, name, { MaxResults: '20' })
  expect(first).not.toHaveProperty('PageNumber')
  const seen = accountsOf(first).map((account) => account.AccountId)
  await control.removeMember(seen[3] ?? '')
  let token = String(first.NextToken)
  while (token !== '') {
    const reply = await call(sandbox, admin, name, { MaxResults: '20', NextToken: token })
    seen.push(...accountsOf(reply).map((account) => account.AccountId))
    token = String(reply.NextToken)
  }
  expect(new Set(seen).size).toBe(Number(first.TotalCount))
  expect(await refusal(call(sandbox, admin, name, { NextToken: 'junk' }))).toMatchObject({
    code: 'InvalidNextToken',
  })
  const older = await call(sandbox, admin, 'ResourceManager/ListAccounts', { MaxResults: '20' })
  expect(older).toMatchObject({ PageSize: 10, PageNumber: 1 })
})

test('the two products differ in listed fields and search', async () => {
  const { sandbox } = await startForTest()
  const query = { PageSize: '100', IncludeTags: 'true', QueryKeyword: 'LEDGER' }
  const found = accountsOf(await call(sandbox, admin, 'ResourceDirectoryMaster/ListAccounts', query))
  expect(found.map((member) => member.DisplayName)).toEqual(['ledger-prod', 'ledger-uat'])
  expect(found[0]).toMatchObject({
    AccountName: expect.stringMatching(/^ledger-prod@rd-\w{6}\.aliyunid\.com$/),
    DeletionStatus: '',
    ResourceDirectoryPath: expect.stringMatching(/^rd-\w{6}\/r-\w{6}\/fd-\w{10}\/fd-\w{10}\/\d{16}$/),
    Tags: { Tag: expect.arrayContaining([{ Key: 'team', Value: 'ledger' }]) },
  })
  const older = accountsOf(
    await call(sandbox, admin, 'ResourceManager/ListAccounts', { ...query, IncludeTags: 'false' }),
  )
  expect(older.length).toBeGreaterThan(2)
  for (const field of ['AccountName', 'DeletionStatus', 'Tags', 'HasSecureMobilePhone']) {
    expect(older[0]).not.toHaveProperty(field)
  }
  expect(older[0]).toHaveProperty('ResourceDirectoryPath')
})

test('tags filter by key and by key and value', async () => {
  const { sandbox } = await startForTest()
  const names = async (query: Record<string, string>) =>
    accountsOf(await call(sandbox, admin, 'ResourceManager/ListAccounts', { PageSize: '100', ...query })).map(
      (member) => member.DisplayName,
    )
  expect(await names({ 'Tag.1.Key': 'region', 'Tag.1.Value': 'my' })).toEqual([
    'store-my-klcc',
    'store-my-penang',
  ])
  expect(await names({ 'Tag.1.Key': 'region' })).toHaveLength(5)
  expect(await names({ 'Tag.1.Key': 'region', 'Tag.1.Value': 'sg', 'Tag.2.Key': 'env' })).toEqual([
    'kiosk-pilot',
  ])
})

test('GetAccount returns path, location and, in ResourceDirectoryMaster only, phone status', async () => {
  const { sandbox, control } = await startForTest()
  const accountId = await newMember(control, {
    displayName: 'till-lab',
    folder: 'Retail/Stores/Singapore',
    emailStatus: 'WAIT_MODIFY',
    tags: [{ key: 'env', value: 'lab' }],
  })
  const query = { AccountId: accountId, IncludeTags: 'true' }
  const older = await call(sandbox, admin, 'ResourceManager/GetAccount', query)
  expect(older.Account).toMatchObject({
    DisplayName: 'till-lab',
    AccountName: expect.stringContaining('aliyunid.com'),
    Location: 'root/Retail/Stores/Singapore',
    IdentityInformation: 'Harbour Group Pte. Ltd.',
    EmailStatus: 'WAIT_MODIFY',
    Tags: [{ Key: 'env', Value: 'lab' }],
  })
  expect(older.Account).not.toHaveProperty('HasSecureMobilePhone')
  const hasPhone = async () =>
    ((await call(sandbox, admin, 'ResourceDirectoryMaster/GetAccount', query)).Account as Reply)
      .HasSecureMobilePhone
  expect(await hasPhone()).toBe(false)
  await control.changeMember(accountId, { phone: '65-91234567' })
  expect(await hasPhone()).toBe(true)
  await control.changeMember(accountId, { phone: null })
  expect(await hasPhone()).toBe(false)
})

test.each([
  [{}, 'MissingParameter.AccountId', 400],
  [{ AccountId: '12345' }, 'InvalidParameter.AccountId', 400],
  [{ AccountId: '1999999999999999' }, 'EntityNotExists.Account', 404],
])('GetAccount refuses %o', async (query, code, status) => {
  const { sandbox } = await startForTest()
  expect(await refusal(call(sandbox, admin, 'ResourceDirectoryMaster/GetAccount', query))).toMatchObject({
    code,
    status,
  })
})

test('members and folders of another directory are not found', async () => {
  const { sandbox } = await startForTest()
  const [otherMember] = accountsOf(await call(sandbox, china, 'ResourceManager/ListAccounts'))
  const { ResourceDirectory } = await call(sandbox, china, 'ResourceManager/GetResourceDirectory')
  const { RootFolderId } = ResourceDirectory as Record<string, string>
  const code = async (name: `ResourceManager/${string}`, query: Record<string, string>) =>
    (await refusal(call(sandbox, admin, name, query))).code
  expect(await code('ResourceManager/GetAccount', { AccountId: otherMember?.AccountId ?? '' })).toBe(
    'EntityNotExists.Account',
  )
  expect(await code('ResourceManager/GetFolder', { FolderId: RootFolderId ?? '' })).toBe(
    'EntityNotExists.Folder',
  )
})

test('folders: children, one folder, ancestors from the root down', async () => {
  const { sandbox } = await startForTest()
  const stores = await folderId(sandbox, 'Retail', 'Stores')
  const singapore = await folderId(sandbox, 'Retail', 'Stores', 'Singapore')
  const root = foldersOf(await call(sandbox, admin, 'ResourceManager/ListAncestors', { ChildId: singapore }))
  expect(root.map((folder) => folder.FolderName)).toEqual(['root', 'Retail', 'Stores'])
  const { Folder } = await call(sandbox, admin, 'ResourceManager/GetFolder', { FolderId: singapore })
  expect(Folder).toMatchObject({
    FolderName: 'Singapore',
    ParentFolderId: stores,
    ResourceDirectoryPath: expect.stringMatching(new RegExp(`/${stores}/${singapore}$`)),
  })
  const top = await call(sandbox, admin, 'ResourceManager/GetFolder', { FolderId: root[0]?.FolderId ?? '' })
  expect(top.Folder).not.toHaveProperty('ParentFolderId')
  const found = await call(sandbox, admin, 'ResourceManager/ListFoldersForParent', { QueryKeyword: 'fin' })
  expect(foldersOf(found).map((folder) => folder.FolderName)).toEqual(['Finance'])
})

test('ListAccountsForParent returns direct children, without their path', async () => {
  const { sandbox } = await startForTest()
  const name = 'ResourceDirectoryMaster/ListAccountsForParent'
  const retail = await call(sandbox, admin, name, { ParentFolderId: await folderId(sandbox, 'Retail') })
  expect(accountsOf(retail).map((member) => member.DisplayName)).toEqual(['retail-analytics'])
  expect(accountsOf(retail)[0]).not.toHaveProperty('ResourceDirectoryPath')
  const root = accountsOf(await call(sandbox, admin, name, { QueryKeyword: 'acquired' }))
  expect(root.map((member) => member.DisplayName)).toEqual(['acquired-bluepeak', 'acquired-lumen'])
})

test.each([
  [
    'ResourceManager/ListAccountsForParent',
    { ParentFolderId: 'nonsense' },
    'InvalidParameter.ParentFolderId',
    400,
  ],
  [
    'ResourceManager/ListAccountsForParent',
    { ParentFolderId: 'fd-0000000000' },
    'EntityNotExists.Folder',
    404,
  ],
  [
    'ResourceManager/ListFoldersForParent',
    { ParentFolderId: 'fd-short' },
    'InvalidParameter.ParentFolderId',
    400,
  ],
  ['ResourceManager/GetFolder', {}, 'MissingParameter.FolderId', 400],
  ['ResourceManager/GetFolder', { FolderId: '!' }, 'InvalidParameter.FolderId', 400],
  ['ResourceManager/ListAncestors', {}, 'MissingParameter.ChildId', 400],
  ['ResourceManager/ListAncestors', { ChildId: '1234567890123456' }, 'InvalidParameter.ChildId', 400],
  ['ResourceManager/ListAncestors', { ChildId: 'fd-0000000000' }, 'EntityNotExists.Folder', 404],
] as const)('%s refuses %o', async (name, query, code, status) => {
  const { sandbox } = await startForTest()
  expect(await refusal(call(sandbox, admin, name, query))).toMatchObject({ code, status })
})

test('the typed ResourceManager client parses every reply', async () => {
  const { sandbox } = await startForTest()
  const client = resourceManager(sandbox, admin)
  const accounts = (await client.listAccounts(new ListAccountsRequest({ pageSize: 5, includeTags: true })))
    .body
  const [account] = accounts?.accounts?.account ?? []
  expect(accounts?.accounts?.account).toHaveLength(5)
  expect(account?.tags?.tag?.[0]?.key).toBeTruthy()
  const one = (
    await client.getAccount(new GetAccountRequest({ accountId: account?.accountId, includeTags: true }))
  ).body
  expect(one?.account?.displayName).toBe(account?.displayName)
  expect(one?.account?.tags?.[0]?.key).toBe(account?.tags?.tag?.[0]?.key)
  const folders = (await client.listFoldersForParent(new ListFoldersForParentRequest({ pageSize: 100 }))).body
  const retail = folders?.folders?.folder?.find((folder) => folder.folderName === 'Retail')?.folderId
  const folder = (await client.getFolder(new GetFolderRequest({ folderId: retail }))).body?.folder
  expect(folder?.folderName).toBe('Retail')
  const ancestors = (await client.listAncestors(new ListAncestorsRequest({ childId: retail }))).body
  expect(ancestors?.folders?.folder).toHaveLength(1)
  const children = (
    await client.listAccountsForParent(new ListAccountsForParentRequest({ parentFolderId: retail }))
  ).body
  expect(children?.totalCount).toBe(1)
})

test('a directory can have any number of members, the same in every run', async () => {
  const ids = []
  for (let run = 0; run < 2; run += 1) {
    const { sandbox } = await startForTest({ membersPerDirectory: 2500 })
    const last = await call(sandbox, admin, 'ResourceManager/ListAccounts', {
      PageNumber: '25',
      PageSize: '100',
    })
    expect(last.TotalCount).toBe(2500)
    ids.push(accountsOf(last).map((member) => `${member.AccountId} ${member.DisplayName}`))
    expect((await call(sandbox, china, 'ResourceManager/ListAccounts')).TotalCount).toBe(2500)
  }
  expect(new Set(ids[0]).size).toBe(100)
  expect(ids[1]).toEqual(ids[0])
})
