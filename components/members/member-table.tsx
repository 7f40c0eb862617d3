'use client'

import { useFormatter } from 'next-intl'
import { Link } from '@/components/shell/link'
import { SortHead } from '@/components/table/sort-head'
import { AccountId } from '@/components/ui/account-id'
import { FolderPath } from '@/components/ui/folder-path'
import { rowLinkClass, Table, TableBody, TableHead, Td, Th, Tr } from '@/components/ui/table'
import type { MemberFilter } from '@/lib/contract/member-filter'
import type { MemberRow } from '@/lib/contract/members'
import { useAge } from '@/lib/i18n/age'
import { useTranslations } from '@/lib/i18n/translations'
import { PhoneBadge } from './phone-badge'
import type { PhoneLoad } from './queries'
import { useMemberFilter } from './use-member-filter'
import { useTypeWords } from './words'

// By the width of the table, not of the window: at 1024 px the navigation is wider than at 1000 px. Without a
// column of its own, the folder is shown below the name; on small screens it is the third line.
const readCell = '@max-[46rem]:hidden'
const folderCell = 'md:@max-[56rem]:hidden'
const folderUnderName = 'max-md:hidden @min-[56rem]:hidden'
const joinedCell = '@max-[62rem]:hidden'
const typeCell = '@max-[70rem]:hidden'

export function MemberTable({
  rows,
  loadOf,
}: {
  rows: MemberRow[]
  loadOf: (id: string) => PhoneLoad | null
}) {
  const t = useTranslations('members')
  const age = useAge()
  return (
    <Table label={t('title')} className="@container">
      <TableHead>
        <tr>
          <SortHead {...useSort('name', t('member'))}>{t('member')}</SortHead>
          <Th>{t('accountId')}</Th>
          <Th className={folderCell}>{t('folder')}</Th>
          <Th className={typeCell}>{t('type')}</Th>
          <Th>{t('phoneStatus')}</Th>
          <Th>{t('number')}</Th>
          <Th align="end" className={readCell}>
            {t('read')}
          </Th>
          <SortHead {...useSort('joined', t('joined'))} className={joinedCell}>
            {t('joined')}
          </SortHead>
        </tr>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <MemberLine key={row.id} member={row} load={loadOf(row.id)} age={age} />
        ))}
      </TableBody>
    </Table>
  )
}

/** Names start with A, dates with the newest; a second click reverses the order. */
function useSort(column: 'name' | 'joined', what: string) {
  const t = useTranslations('members')
  const { filter, hrefWith } = useMemberFilter()
  const current = filter.sort ?? 'name'
  const first: MemberFilter['sort'] = column === 'name' ? 'name' : '-joined'
  const second: MemberFilter['sort'] = column === 'name' ? '-name' : 'joined'
  const next = current === first ? second : first
  return {
    sort: current === column ? 'ascending' : current === `-${column}` ? 'descending' : 'none',
    href: hrefWith({ sort: next === 'name' ? undefined : next }),
    label: t('sortBy', { what }),
  } as const
}

function MemberLine({
  member,
  load,
  age,
}: {
  member: MemberRow
  load: PhoneLoad | null
  age: (iso: string) => string
}) {
  const t = useTranslations('members')
  const typeWords = useTypeWords('short')
  const status = useTranslations('status')
  const none = useTranslations('common')('none')
  const format = useFormatter()
  const folder = member.folder || t('root')
  return (
    <Tr>
      <Td place="name" className="md:min-w-36">
        <Link href={`/members/${member.id}`} prefetch={false} className={`${rowLinkClass} wrap-anywhere`}>
          {member.displayName}
        </Link>
        {member.deletion && (
          <div className="text-small text-warnText">{status('deletion', { status: member.deletion })}</div>
        )}
        <div className={`${folderUnderName} text-small text-text3`}>
          <FolderPath names={folder} />
        </div>
      </Td>
      <Td place="id" nowrap>
        <AccountId id={member.id} />
      </Td>
      <Td
        place="full"
        className={`${folderCell} max-md:row-start-3 max-md:text-small max-md:text-text3 md:w-1/4 md:min-w-32`}
      >
        <FolderPath names={folder} />
      </Td>
      <Td className={typeCell} nowrap>
        {typeWords(member.type)}
      </Td>
      <Td place="state" nowrap>
        <PhoneBadge member={member} load={load} />
      </Td>
      <Td place="number" nowrap className="tabular-nums">
        {member.phoneMasked ?? <span className="max-md:hidden">{none}</span>}
      </Td>
      <Td align="end" nowrap className={`${readCell} text-text3`}>
        {member.phoneReadAt ? (
          <time dateTime={member.phoneReadAt}>{age(member.phoneReadAt)}</time>
        ) : member.phone === 'unread' ? (
          t('never')
        ) : (
          none
        )}
      </Td>
      <Td className={joinedCell} nowrap>
        {member.joinedAt ? (
          <time dateTime={member.joinedAt}>{format.dateTime(new Date(member.joinedAt), 'day')}</time>
        ) : (
          none
        )}
      </Td>
    </Tr>
  )
}
