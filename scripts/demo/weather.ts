import { seededRandom } from '../../src/server/producers/seeded-random.js'

export type Sky = 'clear' | 'cloudy' | 'overcast' | 'rain' | 'snow'

export interface WeatherDay {
  /** `2026-06-30`. */
  readonly date: string
  readonly sky: Sky
  /** °C. */
  readonly high: number
  readonly low: number
  /** Chance of rain or snow, in percent. */
  readonly rain: number
}

export interface City {
  readonly zh: string
  readonly en: string
  /** Mean of the nights and of the days in January and in July, in °C. */
  readonly january: readonly [low: number, high: number]
  readonly july: readonly [low: number, high: number]
  /** Share of wet days in January and in July. */
  readonly wet: readonly [january: number, july: number]
}

/** Round figures of well-known climates: enough for days that look right. */
export const cities: readonly City[] = [
  { zh: '北京', en: 'Beijing', january: [-8, 2], july: [22, 31], wet: [0.06, 0.45] },
  { zh: '上海', en: 'Shanghai', january: [2, 8], july: [25, 32], wet: [0.3, 0.4] },
  { zh: '广州', en: 'Guangzhou', january: [11, 19], july: [26, 33], wet: [0.25, 0.55] },
  { zh: '深圳', en: 'Shenzhen', january: [12, 20], july: [26, 32], wet: [0.22, 0.55] },
  { zh: '杭州', en: 'Hangzhou', january: [2, 9], july: [25, 34], wet: [0.38, 0.42] },
  { zh: '成都', en: 'Chengdu', january: [3, 10], july: [22, 30], wet: [0.25, 0.55] },
  { zh: '重庆', en: 'Chongqing', january: [6, 11], july: [25, 34], wet: [0.32, 0.4] },
  { zh: '武汉', en: 'Wuhan', january: [1, 8], july: [26, 33], wet: [0.3, 0.4] },
  { zh: '西安', en: "Xi'an", january: [-4, 5], july: [22, 33], wet: [0.12, 0.35] },
  { zh: '南京', en: 'Nanjing', january: [0, 8], july: [25, 32], wet: [0.28, 0.42] },
  { zh: '哈尔滨', en: 'Harbin', january: [-23, -12], july: [18, 28], wet: [0.2, 0.45] },
  { zh: '昆明', en: 'Kunming', january: [4, 16], july: [17, 25], wet: [0.12, 0.65] },
  { zh: '香港', en: 'Hong Kong', january: [15, 19], july: [27, 32], wet: [0.18, 0.55] },
  { zh: '台北', en: 'Taipei', january: [14, 19], july: [27, 35], wet: [0.45, 0.4] },
  { zh: '东京', en: 'Tokyo', january: [1, 10], july: [22, 30], wet: [0.15, 0.4] },
  { zh: '新加坡', en: 'Singapore', january: [24, 30], july: [25, 31], wet: [0.45, 0.43] },
  { zh: '悉尼', en: 'Sydney', january: [20, 26], july: [9, 17], wet: [0.38, 0.3] },
  { zh: '伦敦', en: 'London', january: [3, 8], july: [14, 23], wet: [0.5, 0.35] },
  { zh: '巴黎', en: 'Paris', january: [3, 7], july: [16, 26], wet: [0.45, 0.3] },
  { zh: '纽约', en: 'New York', january: [-3, 4], july: [21, 29], wet: [0.35, 0.37] },
]

export function findCity(text: string): City | undefined {
  const said = text.toLowerCase()
  return cities.find(({ zh, en }) => said.includes(zh) || said.includes(en.toLowerCase()))
}

const DAY_MS = 86_400_000

/** The days from one on. Made up, by the climate of the city: the same day of the same city is always the same. */
export function forecast(city: City, fromMs: number, count: number): readonly WeatherDay[] {
  return Array.from({ length: count }, (_, index) => dayOf(city, new Date(fromMs + index * DAY_MS)))
}

function dayOf(city: City, day: Date): WeatherDay {
  const date = day.toISOString().slice(0, 10)
  const random = seededRandom(`${city.en} ${date}`)
  // 0 in the middle of January, 1 in the middle of July.
  const yearDay = (day.getTime() - Date.UTC(day.getUTCFullYear(), 0, 15)) / DAY_MS
  const summer = (1 - Math.cos((2 * Math.PI * yearDay) / 365)) / 2
  const between = ([january, july]: readonly [number, number]) => january + (july - january) * summer
  const wet = between(city.wet)
  const isWet = random.next() < wet
  const shift = (random.next() - 0.5) * 6 - (isWet ? 2 : 0)
  const low = Math.round(between([city.january[0], city.july[0]]) + shift)
  const high = Math.max(low + 2, Math.round(between([city.january[1], city.july[1]]) + shift))
  const rain = Math.round(isWet ? 55 + random.next() * 40 : random.next() * 40)
  const dry = random.pick(['clear', 'clear', 'cloudy', 'overcast'] as const)
  return { date, sky: isWet ? (high <= 2 ? 'snow' : 'rain') : dry, high, low, rain }
}
