import { parseCursor } from '../core/cursor.js'
import type { ChannelEvent } from '../core/channel-event.js'
import type { Answer } from './ask.js'

/** What came of a channel so far. */
export interface Recording {
  /** As the head named it. Undefined: it did not. */
  readonly id: string | undefined
  readonly head: Answer
  readonly events: readonly ChannelEvent[]
}

export type Recordings = Readonly<Record<string, Recording>>

/** @param before what it goes on behind */
export function recordingOf(answer: Answer, before?: Recording): Recording {
  const id = answer.headers['x-channel-id']
  return {
    id: before?.id ?? (typeof id === 'string' && id !== '' ? id : undefined),
    head: before?.head ?? answer,
    events: before ? [...before.events, ...answer.events] : answer.events,
  }
}

/** What fills the names in braces, or why it can't be tried. */
export type Filled<T> =
  { readonly kind: 'filled'; readonly value: T } | { readonly kind: 'lacking'; readonly why: string }

/** Puts what is known in place of the names in braces, wherever they are in these data. */
export function fillIn<T>(data: T, recordings: Recordings, newId: () => string): Filled<T> {
  let why: string | undefined
  const text = JSON.stringify(data).replace(
    /\{([a-z]+)(?:\.([a-z0-9]+))?\}/g,
    (_all, name: string, part?: string) => {
      const value = name === 'proposal' || name === 'unknown' ? newId() : valueOf(recordings[name], part)
      if (typeof value === 'string') return JSON.stringify(value).slice(1, -1)
      why = why ?? value.why
      return ''
    },
  )
  return why === undefined ? { kind: 'filled', value: JSON.parse(text) as T } : { kind: 'lacking', why }
}

function valueOf(
  recording: Recording | undefined,
  part: string | undefined,
): string | { readonly why: string } {
  if (!recording) return { why: 'An answer that this needs did not come.' }
  const { id, events } = recording
  if (part === undefined) return id ?? { why: 'The head of the answer names no channel (x-channel-id).' }
  const index = part === 'last' ? events.length - 1 : /^\d+$/.test(part) ? Number(part) : 0
  const cursor = events[index]?.id ?? ''
  if (!parseCursor(cursor)) return { why: 'The events have no ids of the form <epoch>_<seq>.' }
  return part === 'epoch' ? cursor.slice(0, cursor.lastIndexOf('_')) : cursor
}
