import { type SQL, sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { PHONE_STATES, SITES, type StoredFailure } from '../words.ts'
import { byteOrderedText, instant, oneOf } from './columns.ts'

export const directory = pgTable(
  'directory',
  {
    /** The management account. */
    accountId: text('account_id').notNull(),
    site: text({ enum: SITES }).notNull(),
    directoryId: text('directory_id').notNull(),
    name: text(),
    rootFolderId: text('root_folder_id'),
    /** When the latest sync began. */
    readStartedAt: instant('read_started_at'),
    /** Until when the sync that runs counts as alive, renewed as its pages arrive; null while none runs. */
    syncAliveUntil: instant('sync_alive_until'),
    /** Who started the sync that runs. */
    syncBy: text('sync_by'),
    /** When the last complete reading ended; null until the first one has. */
    readAt: instant('read_at'),
    /** Number of the latest reading; rows of `folder` and `member` carry the one that last saw them. */
    generation: integer('pass').notNull().default(0),
    memberTotal: integer('member_total'),
    /** Why the latest reading failed, as a route would answer it; null once one has succeeded. */
    readError: jsonb('read_error').$type<StoredFailure>(),
    readFailedAt: instant('read_failed_at'),
  },
  (t) => [
    primaryKey({ name: 'directory_pk', columns: [t.accountId] }),
    oneOf('directory_site_check', t.site, SITES),
  ],
)

export const folder = pgTable(
  'folder',
  {
    accountId: text('account_id').notNull(),
    folderId: text('folder_id').notNull(),
    parentId: text('parent_id'),
    name: text().notNull(),
    /** Folder ids from the root to this one, joined by `/`. */
    path: byteOrderedText().notNull(),
    /** The same path as a person reads it: `Retail / Online`. */
    names: text().notNull(),
    generation: integer('pass').notNull(),
  },
  (t) => [
    primaryKey({ name: 'folder_pk', columns: [t.accountId, t.folderId] }),
    index('folder_path_idx').on(t.accountId, t.path),
  ],
)

export const member = pgTable(
  'member',
  {
    accountId: text('account_id').notNull(),
    memberId: byteOrderedText('member_id').notNull(),
    displayName: text('display_name').notNull(),
    /**
     * What lists are ordered by, and `nameFold` what search looks in: see `nameKeys` in lib/mirror. Null in a row that a
     * console of before `0012_name_keys` has written, until the next sync or tidy-up.
     */
    nameFold: byteOrderedText('name_fold'),
    namePinyin: byteOrderedText('name_pinyin'),
    /** What came before both: consoles of the release before still read it. The next but one drops it. */
    nameKey: byteOrderedText('name_key')
      .notNull()
      .generatedAlwaysAs((): SQL => sql`lower(${member.displayName})`),
    accountName: text('account_name'),
    /** `resource`, `cloud`, or the vendor's word where it is neither. */
    type: text().notNull(),
    /** The vendor's word, such as `CreateSuccess`. */
    status: text().notNull(),
    /** The vendor's word for a deletion that is under way or failed, such as `Deleting`; null = none. */
    deletion: text(),
    folderId: text('folder_id').notNull(),
    joinMethod: text('join_method'),
    joinedAt: instant('joined_at'),
    modifiedAt: instant('modified_at'),
    tags: jsonb().$type<Record<string, string>>().notNull().default({}),
    phone: text({ enum: PHONE_STATES }).notNull().default('unread'),
    /** Since when `phone` is so: an answer asked for earlier never replaces it. */
    phoneReadAt: instant('phone_read_at'),
    /** When the status was last asked for, whatever the answer said. */
    phoneAskedAt: instant('phone_asked_at'),
    phoneMasked: text('phone_masked'),
    generation: integer('pass').notNull(),
    /** Complete readings in a row that did not show this member. */
    unseenPasses: integer('unseen_passes').notNull().default(0),
    goneAt: instant('gone_at'),
    /** When the answer was asked for that these facts come from: an answer asked for earlier never replaces them. */
    readAt: instant('read_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'member_pk', columns: [t.accountId, t.memberId] }),
    // One index per way to list and order of names, each ending in the sort key. They hold only members that are still
    // there, so a query must say `gone_at is null` to use them.
    index('member_fold_idx').on(t.accountId, t.nameFold, t.memberId).where(sql`gone_at is null`),
    index('member_pinyin_idx').on(t.accountId, t.namePinyin, t.memberId).where(sql`gone_at is null`),
    index('member_phone_fold_idx')
      .on(t.accountId, t.phone, t.nameFold, t.memberId)
      .where(sql`gone_at is null`),
    index('member_phone_pinyin_idx')
      .on(t.accountId, t.phone, t.namePinyin, t.memberId)
      .where(sql`gone_at is null`),
    index('member_type_fold_idx').on(t.accountId, t.type, t.nameFold, t.memberId).where(sql`gone_at is null`),
    index('member_type_pinyin_idx')
      .on(t.accountId, t.type, t.namePinyin, t.memberId)
      .where(sql`gone_at is null`),
    index('member_status_fold_idx')
      .on(t.accountId, t.status, t.nameFold, t.memberId)
      .where(sql`gone_at is null`),
    index('member_status_pinyin_idx')
      .on(t.accountId, t.status, t.namePinyin, t.memberId)
      .where(sql`gone_at is null`),
    index('member_folder_fold_idx')
      .on(t.accountId, t.folderId, t.nameFold, t.memberId)
      .where(sql`gone_at is null`),
    index('member_folder_pinyin_idx')
      .on(t.accountId, t.folderId, t.namePinyin, t.memberId)
      .where(sql`gone_at is null`),
    index('member_phone_read_idx')
      .on(t.accountId, t.phoneReadAt.asc().nullsFirst())
      .where(sql`gone_at is null`),
    oneOf('member_phone_check', t.phone, PHONE_STATES),
  ],
)
