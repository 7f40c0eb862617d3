import { expect, test } from 'vitest'
import { answer, failureOf, wire } from './wire.fixture'

// Undocumented values are kept unchanged, and never prevent the rest from being read.

const RequestId = 'C0FFEE00-1111-4222-8333-444455556666'
const account = {
  AccountId: '1234567890123456',
  DisplayName: 'shared',
  FolderId: 'r-Wm1234',
  Type: 'SharedAccount',
  Status: 'HandoverPending',
  JoinMethod: 'merged',
}
const kept = {
  id: account.AccountId,
  displayName: 'shared',
  type: 'SharedAccount',
  status: 'HandoverPending',
  joinMethod: 'merged',
}

test('a member with an unknown type, status and join method is read like the others', async () => {
  const known = { ...account, AccountId: '1234567890123457', Type: 'ResourceAccount' }
  const { cloud } = await wire(
    answer(200, { RequestId, TotalCount: 2, Accounts: { Account: [account, known] } }),
  )
  const { members } = await cloud.listMembers({ page: 1 })
  expect(members).toMatchObject([kept, { type: 'resource' }])
})

test('a member with nothing but an id is read', async () => {
  const bare = { AccountId: account.AccountId }
  const { cloud } = await wire(answer(200, { RequestId, TotalCount: 1, Accounts: { Account: [bare] } }))
  const { members } = await cloud.listMembers({ page: 1 })
  expect(members).toMatchObject([
    { id: bare.AccountId, displayName: bare.AccountId, type: '', status: '', folderId: '' },
  ])
})

test.each([
  ['left out', undefined],
  ['null', null],
  ['empty', ''],
  ['blanks', '  \u3000\t'],
  ['a zero-width space', '\u200b'],
  ['a Hangul filler', '\u3164'],
  ['an empty Braille cell', '\u2800'],
])('an invisible name (%s) is replaced by the id', async (_, name) => {
  const blank = { ...account, DisplayName: name, AccountName: name, FolderId: name, Status: name }
  const { cloud } = await wire(answer(200, { RequestId, TotalCount: 1, Accounts: { Account: [blank] } }))
  const { members } = await cloud.listMembers({ page: 1 })
  expect(members).toMatchObject([{ displayName: account.AccountId, status: '', folderId: '' }])
  const folders = await wire(
    answer(200, { RequestId, TotalCount: 1, Folders: { Folder: [{ FolderId: 'fd-1', FolderName: name }] } }),
  )
  expect(await folders.cloud.listFolders({ parentId: null, page: 1 })).toMatchObject({
    folders: [{ id: 'fd-1', name: 'fd-1' }],
  })
})

test('a value that is not text is dropped', async () => {
  const odd = { ...account, DisplayName: ['shared'], Status: 7, JoinTime: {}, Tags: 'none' }
  const { cloud } = await wire(answer(200, { RequestId, TotalCount: 1, Accounts: { Account: [odd] } }))
  expect((await cloud.listMembers({ page: 1 })).members).toMatchObject([
    { displayName: account.AccountId, status: '', joinedAt: null, tags: [] },
  ])
})

test.each([
  ['without an id', { ...account, AccountId: undefined }],
  ['with a number as its id', { ...account, AccountId: 1234567890123456 }],
  ['of null', null],
])('a row %s does not hide the others', async (_, odd) => {
  const { cloud } = await wire(
    answer(200, { RequestId, TotalCount: 2, Accounts: { Account: [odd, account] } }),
  )
  expect(await cloud.listMembers({ page: 1 })).toMatchObject({ total: 2, members: [kept] })
})

test('a list may have a deletion status for each member, a single member never has one', async () => {
  const rows = [account, { ...account, DeletionStatus: '' }, { ...account, DeletionStatus: 7 }]
  const deleted = { ...account, DeletionStatus: 'Deleting' }
  const list = await wire(
    answer(200, { RequestId, TotalCount: 4, Accounts: { Account: [...rows, deleted] } }),
  )
  const { members } = await list.cloud.listMembers({ page: 1 })
  expect(members.map(({ deletion }) => deletion)).toEqual([null, null, null, 'Deleting'])
  const single = await wire(answer(200, { RequestId, Account: account }))
  expect(await single.cloud.member(account.AccountId)).not.toHaveProperty('deletion')
})

test('a page without a readable row does not pass for an empty one', async () => {
  const rows = [{ Status: 'Enabled' }, null]
  const region = 'ap-southeast-1'
  const not = { code: 'cloud.not_understood', params: { call: 'reading' } }
  const answering = async (body: object) =>
    (await wire(answer(200, { RequestId, TotalCount: 2, ...body }))).cloud
  const members = await answering({ Accounts: { Account: rows } })
  expect(await failureOf(members.listMembers({ page: 1 }))).toMatchObject(not)
  const folders = await answering({ Folders: { Folder: rows } })
  expect(await failureOf(folders.listFolders({ parentId: null, page: 1 }))).toMatchObject(not)
  const networks = await answering({ OfficeSites: rows })
  expect(await failureOf(networks.listNetworks({ region }))).toMatchObject(not)
  const cens = await answering({ Cens: rows })
  expect(await failureOf(cens.listCens({ region }))).toMatchObject(not)
})

test('a region and a CEN are listed, even if their other fields are malformed', async () => {
  const region = 'ap-southeast-1'
  const regions = await wire(answer(200, { RequestId, Regions: [{ RegionId: region, LocalName: 7 }] }))
  expect(await regions.cloud.listRegions({ region, language: 'en' })).toEqual([{ id: region, name: region }])
  const odd = { CenId: 'cen-1', Name: [], Status: 1, Description: {} }
  const cens = await wire(answer(200, { RequestId, TotalCount: 1, Cens: [odd] }))
  expect(await cens.cloud.listCens({ region })).toEqual([
    { id: 'cen-1', name: 'cen-1', status: '', description: null },
  ])
})

test('the phone status of a member of an unknown type is read', async () => {
  const { cloud } = await wire(
    answer(200, { RequestId, Account: { ...account, HasSecureMobilePhone: true, Location: 7 } }),
  )
  expect(await cloud.member(account.AccountId)).toMatchObject({
    ...kept,
    hasSecurePhone: true,
    location: null,
  })
})

test('a caller of an unknown type is identified by its principal id', async () => {
  const { cloud } = await wire(
    answer(200, {
      RequestId,
      IdentityType: 'WorkloadIdentity',
      AccountId: '1000000000000001',
      PrincipalId: '2000000000000001',
      Arn: 'acs:ram::1000000000000001:workload/build',
    }),
  )
  expect(await cloud.callerIdentity()).toMatchObject({ type: 'other', name: '2000000000000001' })
})

test('a management account without a name is named by its id', async () => {
  const ResourceDirectory = {
    ResourceDirectoryId: 'rd-1',
    RootFolderId: 'r-1',
    MasterAccountId: '1000000000000001',
    ScpStatus: 'Frozen',
  }
  const { cloud } = await wire(answer(200, { RequestId, ResourceDirectory }))
  expect(await cloud.directory()).toMatchObject({ managementAccountName: '1000000000000001' })
})

test('an office network and a CEN keep unknown values', async () => {
  const site = {
    OfficeSiteId: 'ap-southeast-1+dir-1',
    VpcType: 'Hybrid',
    OfficeSiteType: 'PASSKEY',
    Status: 'PAUSED',
    CenAttachStatus: 'Frozen',
    CenId: 'cen-3weq30r6t0s7t4',
  }
  const { cloud } = await wire(answer(200, { RequestId, OfficeSites: [site], NextToken: '' }))
  expect(await cloud.listNetworks({ region: 'ap-southeast-1' })).toMatchObject([
    {
      kind: 'other',
      kindWord: 'Hybrid',
      accounts: 'other',
      accountsWord: 'PASSKEY',
      status: 'PAUSED',
      attach: 'other',
      attachStatus: 'Frozen',
    },
  ])
  const cens = await wire(
    answer(200, { RequestId, TotalCount: 1, Cens: [{ CenId: site.CenId, Status: 'Migrating' }] }),
  )
  expect(await cens.cloud.listCens({ region: 'ap-southeast-1' })).toMatchObject([{ status: 'Migrating' }])
})
