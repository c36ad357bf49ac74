import type { ChatMessage } from 'uni-sse-channel'
import type { ChatWords } from '../chat-look/chat-words'
import { dayOf, daysBetween } from '../chat-look/day-of'

/** When a message was said, in milliseconds: its metadata's `createdAt`, a number or a date as text. */
export function timeOf({ metadata }: ChatMessage): number | undefined {
  const given: unknown = (metadata as { createdAt?: unknown } | null | undefined)?.createdAt
  const time = typeof given === 'string' ? Date.parse(given) : given
  return typeof time === 'number' && isFinite(time) ? time : undefined
}

/**
 * The day that begins with this message, as a reader names it; empty where it is that of the messages before. Of a
 * conversation that begins today nothing needs to be said.
 */
export function newDay(
  message: ChatMessage,
  history: readonly ChatMessage[],
  words: ChatWords,
  locale: string,
): string {
  const time = timeOf(message)
  if (time === undefined) return ''
  let before = Date.now()
  // Answers may have no time of their own.
  for (let index = history.indexOf(message) - 1; index >= 0; index--) {
    const other = history[index]
    const known = other && timeOf(other)
    if (known === undefined) continue
    before = known
    break
  }
  return daysBetween(before, time) === 0 ? '' : dayOf(time, words, locale)
}

const two = (number: number) => `${number < 10 ? '0' : ''}${number}`

/** The time of day, on the clock of the reader: 09:05. */
export function clockOf(time: number): string {
  const date = new Date(time)
  return `${two(date.getHours())}:${two(date.getMinutes())}`
}
