import type { MemberDetail } from '@/lib/contract/members'
import { useTranslations } from '@/lib/i18n/translations'

/** `Root / Retail / Online`; without a path, the folder has not been read yet. */
export function useFolderWords(): (member: Pick<MemberDetail, 'folder' | 'directoryPath'>) => string {
  const t = useTranslations('member')
  const none = useTranslations('common')('none')
  return ({ folder, directoryPath }) => {
    if (!directoryPath) return none
    return folder === '' ? t('root') : t('inRoot', { path: folder })
  }
}
