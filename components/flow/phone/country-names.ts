import type { CountryCode } from 'libphonenumber-js/min'
import { countryPinyin } from './country-pinyin'

/** Common names that the official ones do not include; a hyphen stands for a space. */
const usualNames: Partial<Record<CountryCode, string>> = {
  AE: 'UAE Emirates 阿联酋',
  BA: 'Bosnia 波黑',
  CD: 'DRC Congo-Kinshasa 刚果金',
  CG: 'Congo-Brazzaville 刚果布',
  CI: 'Ivory-Coast 象牙海岸',
  CN: 'PRC Mainland-China 中国大陆 中国内地',
  CV: 'Cape-Verde',
  CZ: 'Czech-Republic',
  DO: '多米尼加共和国',
  GB: 'UK Britain England Scotland Wales 英格兰',
  HK: 'Hong-Kong 香港',
  KP: 'DPRK 北朝鲜',
  KR: 'ROK Korea 南韩',
  LA: 'Laos 老挝',
  MK: 'Macedonia 马其顿',
  MM: 'Burma 缅甸',
  MO: 'Macau Macao 澳门',
  NL: 'Holland 尼德兰',
  NZ: '纽西兰',
  PS: 'Palestine 巴勒斯坦',
  RU: 'Russian-Federation 俄国',
  SA: 'KSA 沙特',
  SZ: 'Swaziland 斯威士兰',
  TL: 'East-Timor',
  TR: 'Turkey Turkiye 土耳其',
  TW: 'Taiwan 台湾 臺灣',
  US: 'USA America United-States-of-America 美利坚',
  VA: 'Vatican Holy-See 梵蒂冈',
  VN: 'Viet-Nam',
}

const displayNames = ['en', 'zh-CN'].map((locale) => new Intl.DisplayNames([locale], { type: 'region' }))

/**
 * Further search terms for a country or region, in both languages whatever the language of the page: its ISO
 * code, its names, and the Chinese name in pinyin, in full or by its initials.
 */
export function countryNames(code: CountryCode): string[] {
  const usual = usualNames[code]?.split(' ') ?? []
  const names = displayNames.flatMap((names) => names.of(code) ?? [])
  return [code, ...names, ...usual.map(withSpaces), ...pinyinOf(code)]
}

function pinyinOf(code: CountryCode): string[] {
  const pinyin = countryPinyin[code]
  if (!pinyin) return []
  const initials = pinyin.split(' ').map((syllable) => syllable[0])
  // Two letters would be an ISO code.
  return initials.length > 2 ? [pinyin, initials.join(' ')] : [pinyin]
}

function withSpaces(name: string): string {
  return name.replaceAll('-', ' ')
}
