/** Terms that stand in a Chinese text as they are: names of the product's field, and what a person has to type or quote. */
const terms = [
  'Muster',
  'AD',
  'AccessKey',
  'AccessKey ID',
  'cen',
  'ecd',
  'Secret',
  'ID',
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

/** What people and the cloud wrote, not this console. */
const data = [
  /Harbour (Group|Ventures)( Pte\. Ltd\.)?|海港集团|haigang_cloud/g,
  // The browser that the tests run, by its own words and in a list of sessions.
  /Mozilla\/5\.0.*|\b(Chrome|Linux)\b/g,
  // Settings of the server.
  /\bMUSTER_[A-Z_]+(=\w+)?/g,
  // A product of Alibaba Cloud, as its operations write it.
  /\bSts\b/g,
  // Domain names, mail addresses, permissions, operations in a policy, error codes, AccessKey ids, operator names.
  /[\w-]+(?:[.:@/*-]+[\w*-]+)+/g,
  /\b[A-Z][a-z]+(?:[A-Z]+[a-z]*)+\b/g,
]

/** Whether a text shown in this language has words of the other one, apart from terms and data. */
export function hasForeignWords(text: string, language: 'en' | 'zh-CN'): boolean {
  const foreign = language === 'en' ? /\p{Script=Han}/u : /\p{Script=Latin}{2,}/u
  return foreign.test(withoutTerms(text))
}

function withoutTerms(text: string): string {
  const own = data.reduce((left, pattern) => left.replace(pattern, ' '), text)
  return own.replace(/\p{Script=Latin}+/gu, (word) => (terms.includes(word) ? ' ' : word))
}
