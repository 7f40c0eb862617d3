import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type messages from '../lib/i18n/messages/en'

/** All messages of the console, in one of its languages. */
export type Messages = typeof messages

/** Read, not imported: Node requires an import attribute for JSON that would keep the build from compiling the messages. */
function read(language: 'en' | 'zh-CN') {
  const cwd = path.join(import.meta.dirname, '..', 'lib', 'i18n', 'messages', language)
  const contents = (files: string) =>
    globSync(files, { cwd }).map((file): [string, object] => [
      path.basename(file, '.json'),
      JSON.parse(readFileSync(path.join(cwd, file), 'utf8')),
    ])
  const errors = Object.assign({}, ...contents('errors/*.json').map(([, words]) => words))
  return { ...Object.fromEntries(contents('*.json')), errors } as Messages
}

export const en = read('en')
export const zh = read('zh-CN')
