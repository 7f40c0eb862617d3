import { Missing } from '@/components/shell/missing'
import { getTranslations } from '@/lib/i18n/server-translations'

export default async function NotFound() {
  const [t, members] = await Promise.all([getTranslations('member.notFound'), getTranslations('members')])
  const list = { href: '/members', text: members('title') }
  return <Missing title={t('title')} body={t('body')} list={list} back={t('back')} />
}
