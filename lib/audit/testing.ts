import { sql } from 'drizzle-orm'
import type { Db } from '../db/index.ts'

/**
 * `changed`: the row does not match its hash. `missing`: the rows `fromId` to `toId` are gone. `unlinked`: the row does not
 * follow the previous one, so one of the two was rewritten. `head`: the last row is not the one stored in the head of the
 * chain.
 */
export interface AuditFault {
  kind: 'changed' | 'missing' | 'unlinked' | 'head'
  fromId: number
  toId: number
}

export interface AuditVerification {
  checked: number
  /** Pass it as `afterId` to check the next page; null once the end was reached and compared with the head. */
  nextAfterId: number | null
  /** The head of the chain. A copy kept elsewhere reveals even a completely rebuilt chain. */
  head: { id: number; hash: string }
  faults: AuditFault[]
}

interface Link {
  id: number
  prev: string
  hash: string
  computed: string
}

const GENESIS = { id: 0, hash: '0'.repeat(64) }

/** For tests only: checks one page of the chain. All accounts share one chain, and a gap cannot be assigned to any of them. */
export async function verifyAudit(
  db: Db,
  { afterId = 0, limit = 500 }: { afterId?: number; limit?: number } = {},
): Promise<AuditVerification> {
  const { head, before, links } = await readPage(db, afterId, limit)
  const faults: AuditFault[] = []
  let last = before
  for (const link of links) {
    if (link.id > last.id + 1) faults.push({ kind: 'missing', fromId: last.id + 1, toId: link.id - 1 })
    else if (link.prev !== last.hash) faults.push({ kind: 'unlinked', fromId: link.id, toId: link.id })
    if (link.computed !== link.hash) faults.push({ kind: 'changed', fromId: link.id, toId: link.id })
    last = link
  }
  const atEnd = links.length < limit
  if (atEnd && last.id < head.id) faults.push({ kind: 'missing', fromId: last.id + 1, toId: head.id })
  else if (atEnd && (last.id !== head.id || last.hash !== head.hash)) {
    faults.push({ kind: 'head', fromId: last.id, toId: last.id })
  }
  return { checked: links.length, nextAfterId: atEnd ? null : last.id, head, faults }
}

/** Reads the page, the row before it and the head in one statement, so that they are consistent. */
async function readPage(db: Db, afterId: number, limit: number) {
  const { rows } = await db.execute<{
    head_id: number
    head_hash: string
    before_id: number | null
    before_hash: string | null
    links: Link[]
  }>(sql`
    select head.last_id::float8 as head_id, head.hash as head_hash,
      before.id::float8 as before_id, before.hash as before_hash, page.links
    from audit_head head
    left join lateral (select id, hash from audit where id <= ${afterId} order by id desc limit 1) before on true
    cross join lateral (
      select coalesce(json_agg(link order by link.id), '[]') as links
      from (
        select id, prev, hash, audit_hash(audit) as computed from audit
        where id > ${afterId} order by id limit ${limit}
      ) link
    ) page`)
  const [row] = rows
  if (!row) throw new Error('the head of the audit chain is missing')
  const before = row.before_id === null ? GENESIS : { id: row.before_id, hash: row.before_hash ?? '' }
  return { head: { id: row.head_id, hash: row.head_hash }, before, links: row.links }
}
