import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type messages from '../lib/i18n/messages/en'

/** Read, not imported: Node imports JSON by an attribute that keeps the build from compiling the messages. */
function read(language: 'en' | 'zh-CN') {
  const folder = path.join(import.meta.dirname, '..', 'lib', 'i18n', 'messages', language)
  const entries = readdirSync(folder).map((file) => [
    path.basename(file, '.json'),
    JSON.parse(readFileSync(path.join(folder, file), 'utf8')),
  ])
  return Object.fromEntries(entries) as typeof messages
}

/** Every text of the console. */
export const en = read('en')
export const zh = read('zh-CN')
