/** Terms that stay untranslated in Chinese text: names from the field, and what users type or quote. */
const terms = [
  'Muster',
  'AD',
  'AccessKey',
  'AccessKey ID',
  'cen',
  'ecd',
  'Secret',
  'ID',
  'IP',
  'RAM',
  'ARN',
  'STS',
  'Token',
  'SMS',
  'API',
  'CLI',
  'Cookie',
  'HTML',
  'JSON',
  'RequestId',
  'Origin',
  'EN',
  'English',
  'GMT',
  'UTC',
  'ms',
]

/** Text that comes from users or Alibaba Cloud, not from this console. */
const data = [
  /Harbour (Group|Ventures)( Pte\. Ltd\.)?|海港集团|haigang_cloud/g,
  // The browser that runs the tests: its user agent, and its name in the list of sessions.
  /Mozilla\/5\.0.*|\b(Chrome|Linux)\b/g,
  // Environment variables.
  /\bMUSTER_[A-Z_]+(=\w+)?/g,
  // A product code of Alibaba Cloud.
  /\bSts\b/g,
  // Domain names, mail addresses, permissions, operations in a policy, error codes, AccessKey ids, operator names.
  /[\w-]+(?:[.:@/*-]+[\w*-]+)+/g,
  /\b[A-Z][a-z]+(?:[A-Z]+[a-z]*)+\b/g,
]

/** Whether a text in one language contains words of the other, apart from terms and data. */
export function hasForeignWords(text: string, language: 'en' | 'zh-CN'): boolean {
  const foreign = language === 'en' ? /\p{Script=Han}/u : /\p{Script=Latin}{2,}/u
  return foreign.test(withoutTerms(text))
}

function withoutTerms(text: string): string {
  const own = data.reduce((left, pattern) => left.replace(pattern, ' '), text)
  return own.replace(/\p{Script=Latin}+/gu, (word) => (terms.includes(word) ? ' ' : word))
}
