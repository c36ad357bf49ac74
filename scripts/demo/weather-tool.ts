import type { DemoTool } from './demo-tool.js'
import { findCity, forecast, type WeatherDay } from './weather.js'

interface WeatherInput {
  readonly city: string
  readonly days: number
}

interface WeatherOutput {
  readonly city: string
  readonly days: readonly WeatherDay[]
}

const asked = /天气|气温|下雨|下雪|带伞|weather|forecast|umbrella|will it (rain|snow)/i

/** Says how the weather will be. Runs by itself: it only reads. */
export const weatherTool: DemoTool<WeatherInput, WeatherOutput> = {
  name: 'weather',
  title: { zh: '查询天气', en: 'Look up the weather' },
  plan(prompt, language) {
    if (!asked.test(prompt)) return undefined
    const city = findCity(prompt)?.[language] ?? (language === 'zh' ? '深圳' : 'Shenzhen')
    return { city, days: daysOf(prompt) }
  },
  thought: ({ city, days }) => ({
    zh: `用户想知道${city}的天气。我自己不知道，要查 ${days} 天的预报。`,
    en: `The user wants the weather of ${city}. I do not know it myself: I look up ${days} days.`,
  }),
  execute({ city, days }, { now }) {
    const known = findCity(city)
    if (!known) throw new Error(`No weather is known of ${city}.`)
    return { city, days: forecast(known, now(), days) }
  },
  card: 'weather',
  source: { zh: '演示气候数据', en: 'Climate figures of the demo' },
  tell: ({ city, days }) => ({ zh: inChinese(city, days), en: inEnglish(city, days) }),
}

function daysOf(prompt: string): number {
  if (/一周|七天|这周|本周|week/i.test(prompt)) return 7
  if (/今天|today/i.test(prompt)) return 1
  if (/明天|tomorrow/i.test(prompt)) return 2
  const said = /([1-7一二两三四五六七])\s*(天|日|days?)/i.exec(prompt)?.[1]
  const named = said === undefined ? -1 : '一二三四五六七'.indexOf(said === '两' ? '二' : said) + 1
  return named > 0 ? named : Number(said) || 3
}

const isWet = ({ rain }: WeatherDay) => rain > 50
const lowest = (days: readonly WeatherDay[]) => Math.min(...days.map(({ low }) => low))
const highest = (days: readonly WeatherDay[]) => Math.max(...days.map(({ high }) => high))

function inChinese(city: string, days: readonly WeatherDay[]): string {
  const wet = days.filter(isWet)
  const advice = wet.length
    ? `**带上伞**：${wet.map(({ date }) => date.slice(5)).join('、')} 多半会下${wet[0]?.sky === 'snow' ? '雪' : '雨'}。`
    : '这几天不用带伞。'
  const cold = lowest(days) < 8 ? '早晚很凉，穿厚一点。' : ''
  return `**${city}**接下来 ${days.length} 天在 **${lowest(days)}** 到 **${highest(days)} °C** 之间。\n\n${advice}${cold}\n`
}

function inEnglish(city: string, days: readonly WeatherDay[]): string {
  const wet = days.filter(isWet)
  const advice = wet.length
    ? `**Take an umbrella**: ${wet[0]?.sky === 'snow' ? 'snow' : 'rain'} is likely on ${wet.map(({ date }) => date.slice(5)).join(', ')}.`
    : 'You can leave the umbrella at home.'
  const cold = lowest(days) < 8 ? ' Mornings and evenings are cold: dress warmly.' : ''
  const span = days.length === 1 ? 'today' : `over the next ${days.length} days`
  return `In **${city}** it is between **${lowest(days)}** and **${highest(days)} °C** ${span}.\n\n${advice}${cold}\n`
}
