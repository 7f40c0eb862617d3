import { expect, test } from './fixtures'
import { en, zh } from './messages'

const journeys = [
  {
    locale: 'en',
    words: en,
    persona: 'intl-admin',
    site: 'international',
    name: 'kiosk-orchard',
    number: '9123 4567',
    sent: '+65-****4567',
    to: '65-91234567',
  },
  {
    locale: 'zh-CN',
    words: zh,
    persona: 'china-admin',
    site: 'china',
    name: '门店收银-浦东',
    number: '138 1234 5678',
    sent: '+86-****5678',
    to: '86-13812345678',
  },
] as const

for (const { locale, words, persona, site, name, number, sent, to } of journeys) {
  test(`from sign-in to a bound phone and its request IDs, in ${locale}`, async ({
    page,
    inLanguage,
    newMember,
    accessible,
  }) => {
    await inLanguage(locale)
    const memberId = await newMember({ displayName: name }, site)

    await page.goto('/')
    await expect(page).toHaveURL(/\/sign-in/)
    await expect(page.locator('html')).toHaveAttribute('lang', locale)
    await accessible()
    await page.getByRole('button', { name: words.signIn.persona[persona].title }).click()

    await expect(page.getByRole('heading', { name: words.members.title, level: 1 })).toBeVisible()
    // The console may have read the list before the member was added.
    await page.getByRole('button', { name: words.members.refresh }).click()
    await page.getByRole('searchbox').fill(name)
    // The header and the only match.
    await expect(page.getByRole('row')).toHaveCount(2)
    await page.getByRole('link', { name }).click()
    await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
    await accessible()

    await page.getByRole('link', { name: words.member.actions.bind }).click()
    await expect(page.getByRole('heading', { name: words.bind.number.title })).toBeVisible()
    await page.getByLabel(words.flow.phone.label).fill(number)
    await expect(page.getByText(to, { exact: true })).toBeVisible()
    await accessible()
    await page.getByRole('button', { name: words.flow.send }).click()

    await expect(page.getByRole('heading', { name: words.flow.code.title })).toBeVisible()
    await expect(page.getByText(sent).first()).toBeVisible()
    await accessible()

    await page.getByRole('button', { name: words.shell.openInbox }).click()
    const inbox = page.getByRole('region', { name: words.sandbox.inbox.title })
    const newest = inbox.getByRole('listitem').filter({ hasText: to }).filter({ hasText: name }).first()
    const code = (await newest.getByText(/^\d{6}$/).textContent()) ?? ''
    await accessible()

    await page.getByRole('textbox', { name: words.flow.code.label }).fill(code)
    await page.getByRole('button', { name: words.bind.bind }).click()
    await expect(
      page.getByRole('heading', { name: words.bind.done.title.replace('{member}', name) }),
    ).toBeVisible()
    await expect(page.getByText(/^[0-9A-F]{8}-[0-9A-F]{4}-/)).toHaveCount(2)
    await accessible()

    await page.getByRole('link', { name: words.bind.done.open.replace('{member}', name) }).click()
    await expect(page.getByText(words.status.phone.bound).first()).toBeVisible()
    await expect(page.getByText(sent).first()).toBeVisible()
    expect(page.url()).toContain(memberId)
  })
}
