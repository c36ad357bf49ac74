import type { ChatWords } from './chat-words'

const startOfDay = (time: number): number => new Date(time).setHours(0, 0, 0, 0)

/** How many midnights lie between the two. Days are not all 24 hours long. */
export const daysBetween = (earlier: number, later: number): number =>
  Math.round((startOfDay(later) - startOfDay(earlier)) / 86_400_000)

/**
 * A day as a reader names it: today, yesterday, 3月5日, 5 Mar 2025.
 * @param time clock time in milliseconds
 */
export function dayOf(time: number, words: ChatWords, locale: string, now = Date.now()): string {
  const days = daysBetween(time, now)
  if (days === 0) return words.today
  if (days === 1) return words.yesterday
  const date = new Date(time)
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()]
  const isThisYear = year === new Date(now).getFullYear()
  if (/^zh/i.test(locale)) return `${isThisYear ? '' : `${year}年`}${month + 1}月${day}日`
  return `${day} ${MONTHS[month] ?? ''}${isThisYear ? '' : ` ${year}`}`
}

// Mini-programs on some phones have no Intl.
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
