import { expect, testOnOnePage as test } from './fixtures'
import { foreignWords } from './foreign-words'
import { expectNoSidewaysScroll, silentRegions } from './on-page'
import { editions, type Language, type Screen } from './screen'
import { bindScreens } from './screens-bind'
import { enableScreens } from './screens-enable'
import { frameScreens } from './screens-frame'
import { memberScreens } from './screens-members'
import { networkScreens } from './screens-networks'
import { signInScreens } from './screens-sign-in'

const screens: Screen[] = [
  ...signInScreens,
  ...memberScreens,
  ...bindScreens,
  ...enableScreens,
  ...networkScreens,
  ...frameScreens,
]

for (const language of Object.keys(editions) as Language[]) {
  const { name, persona, ...edition } = editions[language]
  const looks = language === 'en' ? 'accessible in both themes, in one language' : 'in one language'
  test.describe(() => {
    test.use({ words: edition.words })

    for (const screen of screens) {
      if (language === 'zh-CN' && !screen.ofLayout) continue
      test(`${screen.name}, in ${language}: wide and narrow, ${looks}`, async ({
        page,
        cloud,
        binding,
        enabling,
        attaching,
        signedInAs,
        signedInWithoutDirectory,
        newMember,
        inLanguage,
        muster,
        accessible,
      }) => {
        const stage = {
          ...edition,
          page,
          cloud,
          binding,
          enabling,
          attaching,
          member: (order = {}) => newMember({ displayName: name, ...order }, edition.site),
          post: async (path: string, data = {}) =>
            (await page.request.post(path, { headers: { origin: muster.origin }, data })).json(),
        }
        const widths = screen.width ? [screen.width] : [1280, 320]
        await page.setViewportSize({ width: widths[0] ?? 1280, height: 800 })
        await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' })
        await inLanguage(language)
        if (screen.as === 'withoutDirectory') await signedInWithoutDirectory()
        else if (!screen.as) await signedInAs(persona)

        await page.goto(typeof screen.at === 'string' ? screen.at : await screen.at(stage))
        await screen.does?.(stage)
        const seen = (await screen.sees(stage)) ?? []
        for (const one of [seen].flat()) await expect(one).toBeVisible()
        for (const one of screen.lacks?.(stage) ?? []) await expect(one).toHaveCount(0)

        await expect(page.locator('html')).toHaveAttribute('lang', language)
        expect(await foreignWords(page, language)).toEqual([])
        for (const width of widths) {
          await page.setViewportSize({ width, height: 800 })
          await expectNoSidewaysScroll(page)
          expect(await silentRegions(page)).toEqual([])
          // What does not depend on the language is checked in English only.
          if (language !== 'en') continue
          await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' })
          const first = width === widths[0]
          if (first || screen.ofLayout) await accessible()
          if (!first) continue
          await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' })
          await accessible('colors')
        }
      })
    }
  })
}
