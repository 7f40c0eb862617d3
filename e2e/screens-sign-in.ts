import { failureOn } from './on-page'
import type { Screen, Stage } from './screen'

const submit = ({ page, words }: Stage) =>
  page.getByRole('button', { name: words.signIn.submit, exact: true }).click()

export const signInScreens: Screen[] = [
  {
    name: 'sign-in',
    as: 'nobody',
    at: '/sign-in',
    sees: ({ binding, words }) => binding.title(words.signIn.title),
  },
  {
    name: 'sign-in after a session ended, with every field',
    ofLayout: true,
    as: 'nobody',
    at: '/sign-in?ended=1',
    does: ({ page, words }) => page.getByText(words.signIn.more).click(),
    sees: ({ page, words }) => [page.getByText(words.signIn.ended), page.getByLabel(words.signIn.roleArn)],
  },
  {
    name: 'sign-in with empty fields',
    as: 'nobody',
    at: '/sign-in',
    does: submit,
    sees: ({ page, words }) => {
      const missing = page.getByText(words.fieldErrors.input.required)
      return [missing.first(), missing.nth(1)]
    },
    lacks: ({ page, words }) => [page.getByText(words.fieldErrors.input.required).nth(2)],
  },
  {
    name: 'sign-in with a wrong secret',
    as: 'nobody',
    at: '/sign-in',
    async does(stage) {
      const { page, words } = stage
      await page.getByLabel(words.signIn.accessKeyId).fill('SANDBOX-INTL-ADMIN')
      await page.getByLabel(words.signIn.accessKeySecret).fill('wrong')
      await submit(stage)
    },
    sees: ({ page, words }) =>
      page
        .getByText(words.fieldErrors.signin.secret_wrong)
        .filter({ hasText: words.errors.signin.secret_wrong.next }),
    // Shown once: the banner is for errors that belong to no field.
    lacks: ({ page }) => [failureOn(page)],
  },
  {
    name: 'sign-in of a root user',
    as: 'nobody',
    at: '/sign-in',
    does: ({ page, words }) => page.getByRole('button', { name: words.signIn.persona.root.title }).click(),
    sees: ({ page, words }) => failureOn(page).filter({ hasText: words.errors.signin.root_refused.cause }),
  },
]
