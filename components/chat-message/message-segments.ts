import { isDataPart, isFilePart, isReasoningPart, isTextPart, isToolPart } from 'uni-sse-channel'
import type { ChannelStatus, ChatMessage } from 'uni-sse-channel'
import { computed, type ComputedRef } from 'vue'

/** Parts of a message that are shown as one thing, in the order they came. */
export type Segment =
  | {
      readonly kind: 'text'
      readonly key: string
      /** For `<streaming-text>`: read as the text grows, without a render of the message. */
      readonly content: () => string
      readonly reasoning: () => string
    }
  | { readonly kind: 'tool'; readonly key: string; readonly index: number }
  | { readonly kind: 'files'; readonly key: string; readonly indexes: readonly number[] }
  | { readonly kind: 'data'; readonly key: string; readonly index: number; readonly type: string }

interface Draft {
  kind: Segment['kind']
  reasoning: number[]
  indexes: number[]
}

type Parts = ChatMessage['parts']

/**
 * Where the parts belong: texts beside each other are one, and so are files. Data nobody shows stands between none of
 * them.
 */
function draftsOf(parts: Parts, status: ChannelStatus | undefined, showsData: boolean): readonly Draft[] {
  const drafts: Draft[] = []
  let last: Draft | undefined
  const begin = (kind: Segment['kind']): Draft => {
    last = { kind, reasoning: [], indexes: [] }
    drafts.push(last)
    return last
  }
  for (const [index, part] of parts.entries()) {
    if (isReasoningPart(part)) {
      // Thinking after an answer belongs to the next one.
      const at = last?.kind === 'text' && last.indexes.length === 0 ? last : begin('text')
      at.reasoning.push(index)
    } else if (isTextPart(part)) (last?.kind === 'text' ? last : begin('text')).indexes.push(index)
    else if (isToolPart(part)) begin('tool').indexes.push(index)
    else if (isDataPart(part)) {
      if (showsData) begin('data').indexes.push(index)
    } else if (isFilePart(part)) (last?.kind === 'files' ? last : begin('files')).indexes.push(index)
  }
  // Something has to say that more is expected, or how it ended.
  if (last?.kind !== 'text' && status !== 'done' && status !== undefined && !parts.some(isAsking))
    begin('text')
  return drafts
}

/** A tool waits for the reader's word. */
export const isAsking = (part: Parts[number]): boolean =>
  isToolPart(part) && part.state === 'approval-requested'

/** There is something in it to copy, or to judge. */
export const isTold = (part: Parts[number]): boolean =>
  isTextPart(part) ? part.text !== '' : isToolPart(part) || isFilePart(part) || isDataPart(part)

const textAt = (parts: Parts, indexes: readonly number[]): string => {
  let text = ''
  for (const index of indexes) {
    const part = parts[index]
    if (part && (isTextPart(part) || isReasoningPart(part))) text += part.text
  }
  return text
}

/**
 * The segments of a message. Changes when one begins, not when one grows: what reads it does not render for each piece of
 * an answer.
 */
export function useSegments(
  message: () => ChatMessage,
  status: () => ChannelStatus | undefined,
  showsData: () => boolean,
): ComputedRef<readonly Segment[]> {
  const known = new Map<string, Segment>()
  let shape = ''
  let segments: readonly Segment[] = []

  function segmentOf({ kind, indexes, reasoning }: Draft, place: number): Segment {
    const key = `${kind}${place}`
    const signature = `${key}:${reasoning.join()}:${indexes.join()}`
    const before = known.get(signature)
    if (before) return before
    const made = make(kind, key, indexes, reasoning)
    known.set(signature, made)
    return made
  }

  function make(kind: Draft['kind'], key: string, indexes: number[], reasoning: number[]): Segment {
    const [index = 0] = indexes
    switch (kind) {
      case 'tool':
        return { kind, key, index }
      case 'data':
        return { kind, key, index, type: message().parts[index]?.type ?? '' }
      case 'files':
        return { kind, key, indexes }
      case 'text':
        return {
          kind,
          key,
          content: () => textAt(message().parts, indexes),
          reasoning: () => textAt(message().parts, reasoning),
        }
    }
  }

  return computed(() => {
    const drafts = draftsOf(message().parts, status(), showsData())
    const now = drafts
      .map(({ kind, reasoning, indexes }) => `${kind}${reasoning.join()}:${indexes.join()}`)
      .join(';')
    if (now !== shape) {
      shape = now
      segments = drafts.map(segmentOf)
    }
    return segments
  })
}
