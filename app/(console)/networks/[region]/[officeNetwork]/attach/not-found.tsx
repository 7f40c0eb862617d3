import { Missing } from '@/components/shell/missing'
import { getTranslations } from '@/lib/i18n/server-translations'

export default async function NotFound() {
  const t = await getTranslations('networks')
  const list = { href: '/networks', text: t('title') }
  return (
    <Missing title={t('notFound.title')} body={t('notFound.body')} list={list} back={t('notFound.back')} />
  )
}
