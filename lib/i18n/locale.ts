/** Languages of the console, by their BCP 47 tags. */
export const locales = ['en', 'zh-CN'] as const
export type Locale = (typeof locales)[number]

export const localeCookie = 'muster-locale'
/** The browser's time zone, so that the server renders times in the user's local time. */
export const timeZoneCookie = 'muster-time-zone'
export const themeCookie = 'muster-theme'
/** The region whose office networks were last shown. */
export const regionCookie = 'muster-region'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** The user's choice, else the preferred supported language in Accept-Language, else English. */
export function chooseLocale(cookie: string | undefined, acceptLanguage: string): Locale {
  const chosen = locales.find((locale) => locale === cookie)
  if (chosen) return chosen
  const wanted = acceptLanguage
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.trim().split(';')
      const q = parameters.find((one) => one.trim().startsWith('q='))
      return { tag: tag.trim().toLowerCase(), weight: q ? Number(q.trim().slice(2)) : 1 }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
  for (const { tag } of wanted) {
    if (tag === 'zh' || tag.startsWith('zh-')) return 'zh-CN'
    if (tag === 'en' || tag.startsWith('en-')) return 'en'
  }
  return 'en'
}

export function chooseTheme(cookie: string | undefined): Theme {
  return themes.find((theme) => theme === cookie) ?? 'system'
}

/** UTC until the browser has reported its time zone. */
export function chooseTimeZone(cookie: string | undefined): string {
  try {
    return cookie ? new Intl.DateTimeFormat('en', { timeZone: cookie }).resolvedOptions().timeZone : 'UTC'
  } catch {
    return 'UTC'
  }
}
