import { Missing } from '@/components/shell/missing'
import { getTranslations } from '@/lib/i18n/server-translations'

export default async function NotFound() {
  const [t, networks] = await Promise.all([getTranslations('attach.notFound'), getTranslations('networks')])
  const list = { href: '/networks', text: networks('title') }
  return <Missing title={t('title')} body={t('body')} list={list} back={t('back')} />
}
