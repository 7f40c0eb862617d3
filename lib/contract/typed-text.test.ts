import { describe, expect, test } from 'vitest'
import { readCenId, readOwnerId } from './cen'
import { CodeEntry } from './code-flow'
import { Confirmation } from './enable'
import { SignIn } from './session'
import { plainText, tidyDigits, tidyText } from './typed-text'

/** What surrounds or splits a value that was copied from a contact app, a chat or a web page. */
const pasted = [
  ['unchanged', (text: string) => text],
  ['isolated', (text: string) => `\u2068${text}\u2069`],
  ['embedded left to right', (text: string) => `\u202a${text}\u202c`],
  ['with a mark in the middle', (text: string) => `${text.slice(0, 4)}\u200e${text.slice(4)}`],
  ['with zero-width spaces', (text: string) => [...text].join('\u200b')],
  ['with a byte order mark', (text: string) => `\ufeff${text}`],
  ['with a soft hyphen', (text: string) => `${text.slice(0, 2)}\u00ad${text.slice(2)}`],
  ['between spaces and line breaks', (text: string) => ` \u00a0${text}\u3000\r\n`],
] as const

describe.each(pasted)('%s', (_, paste) => {
  test('a code becomes its digits', () => {
    expect(CodeEntry.parse({ code: paste('004217') })).toEqual({ code: '004217' })
  })

  test('the owner of a CEN is 16 digits', () => {
    expect(readOwnerId(paste('9134520068812347'))).toEqual({ value: '9134520068812347', fault: null })
  })

  test('a CEN id is read', () => {
    expect(readCenId(paste('cen-1a2b3c4d5e6f'))).toEqual({ value: 'cen-1a2b3c4d5e6f', fault: null })
  })

  test('the account id that confirms enabling is read', () => {
    expect(Confirmation.parse(paste('1488027339156008'))).toBe('1488027339156008')
  })

  test('an AccessKey and a role are read', () => {
    const typed = {
      site: 'china',
      accessKeyId: paste('LTAI5tExampleKeyId'),
      accessKeySecret: paste('exampleSecret/+=123'),
      securityToken: paste('CAISexample=='),
      roleArn: paste('acs:ram::1488027339156008:role/muster-operator'),
    }
    expect(SignIn.parse(typed)).toEqual({
      site: 'china',
      accessKeyId: 'LTAI5tExampleKeyId',
      accessKeySecret: 'exampleSecret/+=123',
      securityToken: 'CAISexample==',
      roleArn: 'acs:ram::1488027339156008:role/muster-operator',
    })
  })
})

describe('digits of every script count as the same', () => {
  test.each([
    ['full width', '１２３４５６'],
    ['Arabic', '١٢٣٤٥٦'],
    ['Persian', '۱۲۳۴۵۶'],
    ['Devanagari', '१२३४५६'],
    ['Thai', '๑๒๓๔๕๖'],
    ['mathematical', '𝟏𝟐𝟑𝟒𝟓𝟔'],
    ['in groups', '12–34\u00a056'],
  ])('%s', (_, typed) => {
    expect(tidyDigits(typed)).toBe('123456')
    expect(CodeEntry.parse({ code: typed })).toEqual({ code: '123456' })
  })

  test('in ids, with dashes or spaces between groups', () => {
    for (const typed of ['١٤٨٨٠٢٧٣٣٩١٥٦٠٠٨', '1488-0273-3915-6008', '１４８８ ０２７３ ３９１５ ６００８']) {
      expect(readOwnerId(typed).value).toBe('1488027339156008')
      expect(Confirmation.parse(typed)).toBe('1488027339156008')
    }
  })
})

test('a CEN id in capitals is the same id', () => {
  expect(readCenId('CEN-1A2B3C4D5E6F').value).toBe('cen-1a2b3c4d5e6f')
})

test('letters of other alphabets that look like Latin ones stay unchanged', () => {
  // The first letter is Cyrillic.
  expect(plainText('АBC')).toBe('АBC')
  expect(tidyText(' Ａbc ')).toBe('Ａbc')
})

test.each([
  ['accessKeyId', 'LTAI5t Example', 'key.id_characters'],
  ['accessKeySecret', 'пароль', 'key.secret_characters'],
  ['securityToken', 'CAIS…', 'key.token_characters'],
  ['accessKeyId', '\u200b', 'input.required'],
])('%s %j is refused before Alibaba Cloud is asked: %s', (field, typed, message) => {
  const valid = { site: 'china', accessKeyId: 'LTAI5tExample', accessKeySecret: 'secret' }
  const issues = SignIn.safeParse({ ...valid, [field]: typed }).error?.issues
  expect(issues?.map(({ path, message }) => [path.join('.'), message])).toEqual([[field, message]])
})

test('a temporary key without its security token is refused before Alibaba Cloud is asked', () => {
  const typed = { site: 'china', accessKeyId: ' STS.NUExample ', accessKeySecret: 'secret' }
  const issues = SignIn.safeParse(typed).error?.issues
  expect(issues?.map(({ path, message }) => [path.join('.'), message])).toEqual([
    ['securityToken', 'key.token_required'],
  ])
  expect(SignIn.safeParse({ ...typed, securityToken: 'CAIS' }).success).toBe(true)
})
