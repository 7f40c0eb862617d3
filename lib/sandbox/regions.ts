import { ecd } from './action-rows.ts'
import type { Action, Call } from './call.ts'
import type { Site } from './model.ts'
import { invalid, refusal } from './wire-errors.ts'

/** The regions of Elastic Desktop Service: ID, Chinese name, English name. */
const regions: readonly (readonly [id: string, zh: string, en: string])[] = [
  ['cn-hangzhou', '华东1（杭州）', 'China (Hangzhou)'],
  ['cn-shanghai', '华东2（上海）', 'China (Shanghai)'],
  ['cn-beijing', '华北2（北京）', 'China (Beijing)'],
  ['cn-shenzhen', '华南1（深圳）', 'China (Shenzhen)'],
  ['cn-zhangjiakou', '华北3（张家口）', 'China (Zhangjiakou)'],
  ['cn-wulanchabu', '华北6（乌兰察布）', 'China (Ulanqab)'],
  ['cn-qingdao', '华北1（青岛）', 'China (Qingdao)'],
  ['cn-nanjing', '华东5（南京）', 'China (Nanjing)'],
  ['cn-guangzhou', '华南3（广州）', 'China (Guangzhou)'],
  ['cn-chengdu', '西南1（成都）', 'China (Chengdu)'],
  ['cn-hongkong', '中国香港', 'China (Hong Kong)'],
  ['cn-hangzhou-finance', '华东1 金融云', 'China East 1 Finance'],
  ['cn-shanghai-finance-1', '华东2 金融云', 'China East 2 Finance'],
  ['ap-southeast-1', '新加坡', 'Singapore'],
  ['ap-southeast-5', '印度尼西亚（雅加达）', 'Indonesia (Jakarta)'],
  ['ap-southeast-6', '菲律宾（马尼拉）', 'Philippines (Manila)'],
  ['ap-southeast-7', '泰国（曼谷）', 'Thailand (Bangkok)'],
  ['ap-northeast-1', '日本（东京）', 'Japan (Tokyo)'],
  ['us-west-1', '美国（硅谷）', 'US (Silicon Valley)'],
  ['us-east-1', '美国（弗吉尼亚）', 'US (Virginia)'],
  ['eu-central-1', '德国（法兰克福）', 'Germany (Frankfurt)'],
  ['eu-west-1', '英国（伦敦）', 'UK (London)'],
  ['me-east-1', '阿联酋（迪拜）', 'UAE (Dubai)'],
  ['me-central-1', '沙特（利雅得）', 'SAU (Riyadh)'],
]

/** The finance regions are available to accounts of the China site only, all others to both sites. */
export function regionsOf(site: Site): typeof regions {
  return regions.filter(([id]) => site === 'china' || !id.includes('-finance'))
}

/** https://help.aliyun.com/document_detail/196646.html */
function describeRegions(call: Call): Record<string, unknown> {
  requireRegion(call)
  const language = call.params.get('AcceptLanguage') ?? 'zh'
  if (language !== 'zh' && language !== 'en') throw invalid('AcceptLanguage')
  return {
    Regions: regionsOf(siteOf(call)).map(([id, zh, en]) => ({
      RegionId: id,
      RegionEndpoint: `ecd.${id}.aliyuncs.com`,
      LocalName: language === 'zh' ? zh : en,
    })),
  }
}

/** The emulator has one endpoint for all regions, so only the parameter identifies the region. */
export function requireRegion(call: Call): string {
  const region = call.params.get('RegionId') ?? ''
  if (!regionsOf(siteOf(call)).some(([id]) => id === region)) throw refusal('InvalidRegion.NotFound')
  return region
}

/** The site the calling account belongs to. */
export function siteOf({ state, caller }: Call): Site {
  return state.account(caller.accountId)?.site ?? 'international'
}

export const regionActions: readonly Action[] = [
  ecd('DescribeRegions', describeRegions, [], { params: ['AcceptLanguage'] }),
]
