'use client'

import { Funnel } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { ListLink } from '@/components/table/list-link'
import { SearchField } from '@/components/table/search-field'
import { Button } from '@/components/ui/button'
import { buttonClass } from '@/components/ui/button-class'
import { cx } from '@/components/ui/cx'
import { Select } from '@/components/ui/select'
import { opens } from '@/lib/contract/member-filter'
import type { MemberPage } from '@/lib/contract/members'
import { useTranslations } from '@/lib/i18n/translations'
import { withoutFilters } from './members-href'
import { useMemberFilter } from './use-member-filter'
import { useStatusWords, useTypeWords } from './words'

const sorts = ['name', '-name', '-joined', 'joined'] as const

/** Search and filters in one row; on small screens the filters collapse behind a button. */
export function MemberFilters({
  choices,
  end,
}: {
  choices: Pick<MemberPage, 'folders' | 'statuses' | 'types'>
  end?: ReactNode
}) {
  const t = useTranslations('members')
  const typeWord = useTypeWords()
  const statusWord = useStatusWords()
  const openWords = useTranslations('status.open')
  const { filter, hrefWith, change } = useMemberFilter()
  const [open, setOpen] = useState(false)
  const id = useId()
  const set = [filter.open, filter.type, filter.status, filter.folder].filter(Boolean).length

  const selects = [
    { name: 'open', options: opens.map((value) => ({ value, label: openWords(value) })) },
    { name: 'status', options: choices.statuses.map((value) => ({ value, label: statusWord(value) })) },
    { name: 'type', options: choices.types.map((value) => ({ value, label: typeWord(value) })) },
    {
      name: 'folder',
      options: choices.folders.map(({ id: value, names }) => ({ value, label: names || t('rootOnly') })),
    },
  ] as const

  return (
    // Focus stays here when *Clear filters* disappears.
    <fieldset
      aria-label={t('filtersSet', { count: set })}
      tabIndex={-1}
      className="flex min-w-0 flex-wrap items-center gap-2 py-3 outline-none"
    >
      <SearchField
        value={filter.q ?? ''}
        onSearch={(q) => change({ q: q || undefined }, 'replace')}
        label={t('search')}
        placeholder={t('searchPlaceholder')}
        clearLabel={t('clearSearch')}
      />
      <Button
        aria-label={t('filtersSet', { count: set })}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        icon={<Funnel />}
        className={cx('h-10 md:hidden', set > 0 && 'border-accentLine! bg-accentSoft! text-accentText!')}
      >
        {set > 0 && set}
      </Button>
      <div
        id={id}
        className={cx(
          'min-w-0 gap-2 max-md:w-full max-md:flex-col md:flex md:flex-wrap md:items-center',
          open ? 'flex' : 'hidden',
        )}
      >
        {selects.map(({ name, options }) => (
          <span key={name} className="min-w-0 md:max-w-72">
            <Select<string>
              label={t(name)}
              placeholder={t(name)}
              prefix={filter[name] && t(`${name}Is`)}
              // A folder that has left the directory may still be the active filter.
              options={withValue(options, filter[name])}
              value={filter[name] ?? ''}
              onValueChange={(value) => change({ [name]: value })}
              active={filter[name] !== undefined}
              clear={
                filter[name]
                  ? {
                      label: t('clearOne', { what: t(name) }),
                      onClear: () => change({ [name]: undefined }),
                    }
                  : undefined
              }
            />
          </span>
        ))}
        <span className="md:hidden">
          <Select
            label={t('sort')}
            prefix={t('sortIs')}
            options={sorts.map((value) => ({ value, label: t(`sorts.${value}`) }))}
            value={filter.sort ?? 'name'}
            onValueChange={(sort) => change({ sort: sort === 'name' ? undefined : sort })}
          />
        </span>
        {(set > 0 || filter.q) && (
          <ListLink href={hrefWith(withoutFilters)} className={buttonClass({ variant: 'quiet' })}>
            {t('clear')}
          </ListLink>
        )}
      </div>
      <div className="text-small text-text3 empty:hidden md:ml-auto">{end}</div>
    </fieldset>
  )
}

function withValue(options: readonly { value: string; label: string }[], value: string | undefined) {
  const known = !value || options.some((option) => option.value === value)
  return known ? options : [...options, { value, label: value }]
}
