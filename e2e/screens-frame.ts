import type { Screen } from './screen'
import { sent } from './screens-bind'

/** The frame around every page, and the pages that belong to no flow and no list. */
export const frameScreens: Screen[] = [
  {
    name: 'the navigation of small screens',
    ofLayout: true,
    width: 320,
    at: '/settings',
    does: ({ page, words }) => page.getByRole('button', { name: words.shell.menu, exact: true }).click(),
    sees: ({ page }) => page.getByRole('dialog'),
  },
  {
    name: 'the theme menu',
    width: 1280,
    at: '/settings',
    does: ({ page, words }) => page.getByRole('button', { name: words.shell.theme }).click(),
    sees: ({ page }) => page.getByRole('menu'),
  },
  {
    name: 'the operator menu',
    ofLayout: true,
    at: '/settings',
    does: ({ page }) => page.locator('header').getByRole('button').last().click(),
    sees: ({ page, words }) => page.getByRole('menuitem', { name: words.shell.signOut }),
  },
  {
    name: 'settings',
    ofLayout: true,
    at: '/settings',
    sees: ({ page, words }) => page.getByText(words.settings.sessions.here),
  },
  {
    name: 'settings, asked to sign out everywhere',
    at: '/settings',
    does: ({ page, words }) => page.getByRole('button', { name: words.settings.sessions.everywhere }).click(),
    sees: ({ page }) => page.getByRole('dialog'),
  },
  {
    name: 'the sandbox with a message and a fault',
    ofLayout: true,
    async at(stage) {
      await sent(stage)
      await stage.cloud.arm({ operation: 'AssumeRole', fault: 'slow:2000' })
      return '/sandbox'
    },
    sees: ({ page, words }) => [
      page.getByText(words.sandbox.inbox.new, { exact: true }).first(),
      page.getByRole('list', { name: words.sandbox.faults.armedList }),
    ],
  },
  {
    name: 'the sandbox with an inbox filter that nothing matches',
    async at(stage) {
      await sent(stage)
      return '/sandbox'
    },
    does: ({ page, words }) =>
      page.getByRole('searchbox', { name: words.sandbox.inbox.filter }).fill('7777777'),
    sees: ({ page, words }) => page.getByRole('button', { name: words.sandbox.inbox.clear }),
  },
  {
    name: 'the sandbox, asked to be reset',
    at: '/sandbox',
    does: ({ page, words }) => page.getByRole('button', { name: words.sandbox.reset.button }).click(),
    sees: ({ page }) => page.getByRole('dialog'),
  },
  {
    name: 'a URL that does not exist',
    ofLayout: true,
    as: 'nobody',
    at: '/nowhere',
    sees: ({ binding, words }) => binding.title(words.notFound.title),
  },
]
