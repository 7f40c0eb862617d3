import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { MIGRATIONS_DIR, withMigrations } from '../lib/db/testing.ts'

const built = path.join(import.meta.dirname, '..', '.next', 'standalone')

/** The next version's name for the state that this version calls `trying`. */
const newState = 'probing'

/**
 * A build like one of the next version: with one more migration, and a state that this version does not know. It is a
 * copy of this version's server with the state renamed in its code, which is much faster than another build.
 * @returns its script
 */
export function newerBuild(folder: string): string {
  mkdirSync(folder, { recursive: true })
  for (const name of ['server.js', 'package.json']) cpSync(path.join(built, name), path.join(folder, name))
  symlinkSync(path.join(built, 'node_modules'), path.join(folder, 'node_modules'))
  cpSync(path.join(built, '.next'), path.join(folder, '.next'), { recursive: true })
  if (replaceState(path.join(folder, '.next')) === 0) throw new Error('this build has no state called trying')
  withMigrations(path.join(folder, 'lib', 'db', 'migrations'), { plus: migration() })
  return path.join(folder, 'server.js')
}

/** @returns the number of changed files */
function replaceState(folder: string): number {
  let changed = 0
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(js|html|rsc|json)$/.test(entry.name)) continue
    const file = path.join(entry.parentPath, entry.name)
    const text = readFileSync(file, 'utf8')
    const replaced = text.replace(/(["'`])trying\1/g, `$1${newState}$1`)
    if (replaced === text) continue
    writeFileSync(file, replaced)
    changed += 1
  }
  return changed
}

/** As the next version would have it: what was allowed stays allowed, and this version may run on the database. */
function migration(): string[] {
  const journal = readFileSync(path.join(MIGRATIONS_DIR, 'meta', '_journal.json'), 'utf8')
  const latest = (JSON.parse(journal) as { entries: { tag: string }[] }).entries.at(-1)?.tag
  const states = `'sending', 'sent', 'refused', 'unknown', 'trying', '${newState}', 'applying', 'applied', 'apply_unknown', 'void'`
  const operations = `'bind_phone', 'enable_directory', 'join_network', 'inherit_phone'`
  return [
    'alter table code_request drop constraint code_request_state_check',
    `alter table code_request add constraint code_request_state_check check (state in (${states}))`,
    'alter table code_request drop constraint code_request_operation_check',
    `alter table code_request add constraint code_request_operation_check check (operation in (${operations}))`,
    'alter table code_request add column of_tomorrow text',
    `insert into compatibility (migration, oldest) values ('9999_one_more', '${latest}')`,
  ]
}
