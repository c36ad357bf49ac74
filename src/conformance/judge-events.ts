import type { ChannelEvent } from '../core/channel-event.js'
import { parseCursor, stemOf } from '../core/cursor.js'
import type { EventsExpectation, Outcome } from './conformance-case.js'
import type { Recordings } from './recordings.js'

/** What is wrong with these events, one sentence each. @param complete they were read to the end */
export function judgeEvents(
  all: readonly ChannelEvent[],
  expected: EventsExpectation,
  recordings: Recordings,
  complete: boolean,
): string[] {
  const { atLeast = 0, data, ids, same, gapFirst, outcome } = expected
  const events = gapFirst ? all.slice(1) : all
  const wrong: (string | undefined)[] = []
  if (gapFirst) wrong.push(judgeGap(all[0]))
  if (events.length < atLeast) wrong.push(`${events.length} events came, not ${atLeast} or more.`)
  if (data === 'json') wrong.push(judgeData(events))
  if (ids) wrong.push(judgeIds(events, ids === 'from 0' ? undefined : ids.after))
  if (same) wrong.push(judgeSame(events, (recordings[same.as]?.events ?? []).slice(same.from), complete))
  if (outcome) wrong.push(judgeOutcome(events, outcome))
  return wrong.filter((sentence): sentence is string => sentence !== undefined)
}

function judgeGap(first: ChannelEvent | undefined): string | undefined {
  if (first?.type !== 'gap')
    return `The first event is ${first ? `of type ${first.type}` : 'missing'}, not a gap.`
  if (first.id !== '') return `The gap has the id ${first.id}: it is no event of the channel and has none.`
  const body = jsonOf(first.data)
  const error = body?.error as { code?: unknown } | undefined
  if (error?.code !== 'HISTORY_EXPIRED') return 'The data of the gap have no error.code HISTORY_EXPIRED.'
  const range = [body?.earliest, body?.last]
  if (!range.every((cursor) => typeof cursor === 'string' && parseCursor(cursor)))
    return 'The data of the gap have no earliest and last, the cursors of what is kept.'
}

function judgeData(events: readonly ChannelEvent[]): string | undefined {
  const odd = events.find(({ data }) => data !== '[DONE]' && !isJson(data))
  return odd && `An event is no JSON: ${excerpt(odd.data)}`
}

function judgeIds(events: readonly ChannelEvent[], after: string | undefined): string | undefined {
  let before = after === undefined ? undefined : parseCursor(after)
  for (const { id } of events) {
    const cursor = parseCursor(id)
    if (!cursor) return `An event has ${id === '' ? 'no id' : `the id ${excerpt(id)}`}, not <epoch>_<seq>.`
    const due = before ? before.seq + 1 : 0
    if (before && stemOf(cursor.epoch) !== stemOf(before.epoch))
      return `The epoch changes from ${before.epoch} to ${cursor.epoch}.`
    if (cursor.seq > due) return `Event ${cursor.seq} came where ${due} was due: a hole.`
    if (cursor.seq < due) return `Event ${cursor.seq} came where ${due} was due: a repeat.`
    before = cursor
  }
}

function judgeSame(
  events: readonly ChannelEvent[],
  due: readonly ChannelEvent[],
  complete: boolean,
): string | undefined {
  for (const [index, event] of events.entries()) {
    const expected = due[index]
    if (!expected) return `After the last event due came ${nameOf(event)}.`
    if (event.id !== expected.id) return `${nameOf(event)} came where ${nameOf(expected)} was due.`
    if (event.type !== expected.type || event.data !== expected.data)
      return `${nameOf(event)} has other data than before: ${excerpt(event.data)}`
  }
  if (complete && events.length < due.length)
    return `The stream ended after ${events.length} events, where ${due.length} were due.`
}

function judgeOutcome(events: readonly ChannelEvent[], expected: Outcome): string | undefined {
  const outcome = outcomeOf(events)
  if (outcome === undefined) return 'The last event does not say that the run has ended.'
  if (outcome !== expected) return `The run ended as ${outcome}, not as ${expected}.`
}

/** @see docs/protocol.md#events */
function outcomeOf(events: readonly ChannelEvent[]): Outcome | undefined {
  const last = events[events.length - 1]
  if (last?.type === 'end') {
    const outcome = jsonOf(last.data)?.outcome
    return outcome === 'done' || outcome === 'stopped' || outcome === 'error' ? outcome : undefined
  }
  if (last?.data !== '[DONE]') return undefined
  const type = jsonOf(events[events.length - 2]?.data ?? '')?.type
  return type === 'abort' ? 'stopped' : type === 'error' ? 'error' : 'done'
}

const nameOf = ({ id, type }: ChannelEvent) =>
  `event ${id === '' ? `without an id, of type ${type}` : excerpt(id)}`

const excerpt = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function jsonOf(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!isJson(text)) return undefined
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}
