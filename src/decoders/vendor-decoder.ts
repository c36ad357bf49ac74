import { ChannelError } from '../core/channel-error.js'
import type { ChannelEvent } from '../core/channel-event.js'
import type { Ending } from '../core/session.js'
import type { Decoded, Decoder } from './decoder.js'
import { parseLoosely } from './json.js'
import { createTranslation, type Chunk } from './legacy-chunks.js'
import { runEnding } from './run-ending.js'

/** What an object says, of whoever sent it: nothing is certain to be there. */
export type Fields = Readonly<Record<string, unknown>>

type Reading = { readonly chunks?: readonly Chunk[]; readonly ending?: Ending | undefined }

/**
 * A decoder for events of JSON objects. `begin` is called for each run and gives what reads one event's object; what
 * it does not know passes as a message. Our servers' own endings are understood too: a relay may stand in between.
 */
export function vendorDecoder(begin: () => (fields: Fields, event: ChannelEvent) => Reading): Decoder {
  return () => {
    const read = begin()
    const translate = createTranslation()
    return (event): Decoded => {
      const relayed = runEnding(event)
      if (relayed) return { chunks: [], ending: relayed }
      const message = parseLoosely(event.data)
      const { chunks: said = [], ending } = read(fieldsOf(message), event)
      const chunks = said.flatMap(translate)
      return ending ? { message, chunks, ending } : { message, chunks }
    }
  }
}

export const done: Ending = { outcome: 'done' }

/** The vendor reports a failure; what it says of it reaches the page. */
export function failed(reason: unknown): Ending {
  const text = textOf(reason)
  return { outcome: 'error', error: new ChannelError('PRODUCER_ERROR', text === '' ? undefined : text) }
}

/** A piece of the answer, or of the thinking before it; nothing if there is nothing in it. */
export function appended(type: 'text' | 'reasoning', delta: unknown): readonly Chunk[] {
  return typeof delta === 'string' && delta !== '' ? [{ type, delta }] : []
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

export function firstOf(value: unknown): Fields {
  return fieldsOf(Array.isArray(value) ? value[0] : undefined)
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
