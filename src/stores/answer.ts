import type { UIMessageChunk } from '../messages/chunk.js'
import type { Chunk, ToolState } from '../decoders/decoder.js'

/** A piece of an answer as a page shows it, in the shape of the AI SDK's UI message parts. */
export type Part =
  | { readonly type: 'text' | 'reasoning'; readonly text: string; readonly state: 'streaming' | 'done' }
  | {
      readonly type: `tool-${string}`
      readonly toolCallId: string
      readonly state: ToolState
      readonly input?: unknown
      readonly output?: unknown
      readonly errorText?: string
    }
  | { readonly type: `data-${string}`; readonly id?: string; readonly data: unknown }
  | Readonly<{ type: 'source-url' | 'source-document' | 'file' } & Record<string, unknown>>

/** Gathers the chunks of one run. Plain values: whoever shows them decides when to look. */
export interface Answer {
  readonly text: string
  readonly reasoning: string
  readonly parts: readonly Part[]
  add(chunk: Chunk | UIMessageChunk): void
  /** No more chunks come for now: what is open shows as done. */
  close(): void
}

export function createAnswer(): Answer {
  let text = ''
  let reasoning = ''
  const parts: Part[] = []
  // Apart from what is shown: a run that broke shows its section as done, and goes on in it when it is resumed.
  let section: 'text' | 'reasoning' | undefined

  function appendText(type: 'text' | 'reasoning', delta: string) {
    const last = parts[parts.length - 1]
    if (section === type && last?.type === type && 'text' in last)
      parts[parts.length - 1] = { type, text: `${last.text as string}${delta}`, state: 'streaming' }
    else {
      endSection()
      parts.push({ type, text: delta, state: 'streaming' })
      section = type
    }
  }

  function replaceText(replacement: string) {
    text = replacement
    endSection()
    const at = parts.findIndex((part) => part.type === 'text')
    const others = parts.filter((part) => part.type !== 'text')
    others.splice(at < 0 ? others.length : at, 0, { type: 'text', text, state: 'done' })
    parts.splice(0, parts.length, ...others)
  }

  function endSection() {
    section = undefined
    close()
  }

  function close() {
    const last = parts[parts.length - 1]
    if (last && (last.type === 'text' || last.type === 'reasoning') && 'text' in last)
      parts[parts.length - 1] = { type: last.type, text: last.text as string, state: 'done' }
  }

  function put(part: Part, isSame: (other: Part) => boolean) {
    const index = parts.findIndex(isSame)
    if (index >= 0) parts[index] = part
    else {
      endSection()
      parts.push(part)
    }
  }

  function add(chunk: Chunk | UIMessageChunk) {
    switch (chunk.type) {
      case 'text':
        text += chunk.delta
        return appendText('text', chunk.delta)
      case 'reasoning':
        reasoning += chunk.delta
        return appendText('reasoning', chunk.delta)
      case 'text-replacement':
        return replaceText(chunk.text)
      case 'section-end':
        return endSection()
      case 'tool': {
        const { type: _type, id, name, ...call } = chunk
        return put(
          { type: `tool-${name}`, toolCallId: id, ...call },
          (other) => 'toolCallId' in other && other.toolCallId === id,
        )
      }
      case 'data': {
        if (chunk.transient) return
        const { name, id, data } = chunk
        const type = `data-${name}` as const
        const part: Part = id === undefined ? { type, data } : { type, id, data }
        return put(
          part,
          (other) => id !== undefined && other.type === type && 'id' in other && other.id === id,
        )
      }
      case 'reference':
        endSection()
        parts.push(chunk.reference as Part)
    }
  }

  return {
    get text() {
      return text
    },
    get reasoning() {
      return reasoning
    },
    get parts() {
      return parts
    },
    add,
    close,
  }
}
