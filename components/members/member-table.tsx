'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { Link } from '@/components/shell/link'
import { SortHead } from '@/components/table/sort-head'
import { AccountId } from '@/components/ui/account-id'
import { rowLinkClass, Table, TableBody, TableHead, Td, Th, Tr } from '@/components/ui/table'
import type { MemberFilter } from '@/lib/contract/member-filter'
import type { MemberRow } from '@/lib/contract/members'
import { useAge } from '@/lib/i18n/age'
import { PhoneBadge } from './phone-badge'
import { useMemberFilter } from './use-member-filter'
import { useTypeWords } from './words'

// By the room the table has, not by the window: at 1024 px the navigation takes more than at 1000 px.
const folderCell = '@max-[52rem]:hidden'
const typeCell = '@max-[44rem]:hidden'
const joinedCell = '@max-[60rem]:hidden'

export function MemberTable({ rows }: { rows: MemberRow[] }) {
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
          <Th align="end">{t('read')}</Th>
          <SortHead {...useSort('joined', t('joined'))} className={joinedCell}>
            {t('joined')}
          </SortHead>
        </tr>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <MemberLine key={row.id} member={row} age={age} />
        ))}
      </TableBody>
    </Table>
  )
}

/** Names begin at A, dates at the newest; the second press turns the order around. */
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

function MemberLine({ member, age }: { member: MemberRow; age: (iso: string) => string }) {
  const t = useTranslations('members')
  const typeWords = useTypeWords('short')
  const none = useTranslations('common')('none')
  const format = useFormatter()
  const folder = member.folder || t('root')
  return (
    <Tr>
      <Td place="name" className="md:min-w-36">
        <Link href={`/members/${member.id}`} prefetch={false} className={`${rowLinkClass} wrap-anywhere`}>
          {member.displayName}
        </Link>
      </Td>
      <Td place="id" nowrap>
        <AccountId id={member.id} />
      </Td>
      <Td className={`${folderCell} min-w-32 wrap-anywhere`}>{folder}</Td>
      <Td className={typeCell} nowrap>
        {typeWords(member.type)}
      </Td>
      <Td place="state" nowrap>
        <PhoneBadge member={member} />
      </Td>
      <Td place="number" nowrap className="tabular-nums max-md:max-w-36 max-md:truncate">
        {member.phoneMasked ?? (
          <>
            <span className="max-md:hidden">{none}</span>
            <span className="md:hidden">{folder}</span>
          </>
        )}
      </Td>
      <Td align="end" nowrap className="text-text3">
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
