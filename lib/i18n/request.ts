import { cookies, headers } from 'next/headers'
import { getRequestConfig } from 'next-intl/server'
import { formats } from './formats'
import { chooseLocale, chooseTimeZone, localeCookie, timeZoneCookie } from './locale'

export default getRequestConfig(async () => {
  const [jar, head] = await Promise.all([cookies(), headers()])
  const locale = chooseLocale(jar.get(localeCookie)?.value, head.get('accept-language') ?? '')
  const { default: messages } = await import(`./messages/${locale}.json`)
  return { locale, messages, formats, timeZone: chooseTimeZone(jar.get(timeZoneCookie)?.value) }
})
