import { isNull, sql } from 'drizzle-orm'
import { type Db, member } from '@/lib/db'
import { nameKeys } from './name-keys'

const batch = 1000

/** Adds the keys of members stored by a console from before `0012_name_keys`, which does not know them. */
export async function addMissingNameKeys(db: Db): Promise<void> {
  for (;;) {
    const rows = await db
      .select({ account: member.accountId, id: member.memberId, name: member.displayName })
      .from(member)
      .where(isNull(member.nameFold))
      .limit(batch)
    const keyed = rows.map(({ name, ...row }) => ({ ...row, name, ...nameKeys(name) }))
    // A member renamed meanwhile is left for the next run.
    await db.execute(sql`
      update member set name_fold = k."nameFold", name_pinyin = k."namePinyin"
      from jsonb_to_recordset(${JSON.stringify(keyed)}::jsonb)
        as k (account text, id text, name text, "nameFold" text, "namePinyin" text)
      where account_id = k.account and member_id = k.id and display_name = k.name`)
    if (rows.length < batch) return
  }
}
