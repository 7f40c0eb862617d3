import { cookies, headers } from 'next/headers'
import { getRequestConfig } from 'next-intl/server'
import { formats } from './formats'
import { chooseLocale, chooseTimeZone, localeCookie, timeZoneCookie } from './locale'
import en from './messages/en'
import zh from './messages/zh-CN'

const messages = { en, 'zh-CN': zh }

export default getRequestConfig(async () => {
  const [jar, head] = await Promise.all([cookies(), headers()])
  const locale = chooseLocale(jar.get(localeCookie)?.value, head.get('accept-language') ?? '')
  return {
    locale,
    messages: messages[locale],
    formats,
    timeZone: chooseTimeZone(jar.get(timeZoneCookie)?.value),
  }
})
