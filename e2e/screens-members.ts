import { expect } from './fixtures'
import type { Screen, Stage } from './screen'

const rows = ({ page }: Stage) => page.getByRole('row').nth(20)

export const memberScreens: Screen[] = [
  { name: 'members', ofLayout: true, at: '/members', sees: rows },
  {
    name: 'members with a search that nothing matches',
    at: '/members?q=no-such-member',
    sees: ({ page, words }) => page.getByRole('heading', { name: words.members.empty.match }),
  },
  {
    name: 'members with filters set',
    at: '/members?type=resource&status=CreateSuccess&phone=missing&sort=-joined',
    sees: ({ page, words }) => expect(page.getByRole('link', { name: words.members.clear })).toBeAttached(),
  },
  {
    name: 'members with a list of options open',
    ofLayout: true,
    width: 1280,
    at: '/members',
    does: ({ page, words }) => page.getByRole('combobox', { name: words.members.status }).click(),
    sees: ({ page }) => page.getByRole('option').first(),
  },
  {
    name: 'members with the filters of small screens',
    width: 320,
    at: '/members',
    does: ({ page }) => page.getByRole('button', { name: /^(Filters|筛选)/ }).click(),
    sees: ({ page, words }) => page.getByRole('combobox', { name: words.members.sort }),
  },
  {
    name: 'members without the permission to list them',
    async at({ cloud }) {
      await cloud.arm({ operation: 'ListAccounts', fault: 'code:NoPermission', times: 50 })
      return '/members'
    },
    sees: ({ binding, words }) => binding.title(words.members.failed.permissionTitle),
  },
  {
    name: 'members of an account without a directory',
    ofLayout: true,
    as: 'withoutDirectory',
    at: '/members',
    sees: ({ binding, words }) => binding.title(words.members.noDirectory.title),
  },
  {
    name: 'members during a sync',
    ofLayout: true,
    at: '/members',
    async does(stage) {
      const { page, words, cloud } = stage
      await expect(rows(stage)).toBeVisible()
      await cloud.arm({ operation: 'ListFoldersForParent', fault: 'slow:3000', times: 20 })
      await page.getByRole('button', { name: words.members.refresh }).click()
      await page.reload()
    },
    sees: ({ page, site }) =>
      expect(page.locator('time + time')).toHaveText(
        site === 'china' ? /^正在刷新（\S+ 于 .+ 发起）$/ : /^refreshing since .+, started by \S+$/,
      ),
  },
  {
    name: 'a member',
    ofLayout: true,
    at: async ({ member }) => `/members/${await member()}`,
    sees: ({ page, words }) => page.getByRole('link', { name: words.member.actions.bind }),
  },
  {
    name: 'a member whose payer cannot be read',
    async at({ cloud, member }) {
      const id = await member()
      await cloud.arm({
        operation: 'GetPayerForAccount',
        fault: 'code:NoPermission',
        match: { accountId: id },
      })
      return `/members/${id}`
    },
    sees: ({ page, words }) => page.getByRole('button', { name: words.common.tryAgain }),
  },
  {
    name: 'a member that does not exist',
    at: '/members/9999999999999999',
    sees: ({ binding, words }) => binding.title(words.member.notFound.title),
  },
  {
    name: 'a member who has left',
    async at({ page, cloud, member, post }) {
      const id = await member()
      // A member that was never read would not be known.
      await page.goto(`/members/${id}`)
      await cloud.removeMember(id)
      await post(`/api/members/${id}/read`)
      return `/members/${id}`
    },
    sees: ({ page, words }) => page.getByText(words.member.gone.title),
  },
]
