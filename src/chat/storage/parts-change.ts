import type { Part } from '../../messages/part.js'
import type { ChatMessage } from '../chat-message.js'

/**
 * How a message has grown: as little as says it. `p` has the parts that changed, by their index: a text is what has to be
 * added to the part's own. `l` is how many parts there are, where that is less; `m` are the message's other fields.
 */
export interface PartsChange {
  readonly p?: readonly (readonly [index: number, part: Part | string])[]
  readonly l?: number
  readonly m?: Omit<ChatMessage, 'parts'>
}

/** From `before` to `after`; undefined where they are the same. */
export function changeOf(before: ChatMessage, after: ChatMessage): PartsChange | undefined {
  const changed: (readonly [number, Part | string])[] = []
  for (const [index, part] of after.parts.entries()) {
    const former = before.parts[index]
    if (former !== part) changed.push([index, former ? appended(former, part) : part])
  }
  const p = changed.length > 0 && { p: changed }
  const l = after.parts.length < before.parts.length && { l: after.parts.length }
  const m = frameOf(before) !== frameOf(after) && {
    m: JSON.parse(frameOf(after)) as Omit<ChatMessage, 'parts'>,
  }
  return p || l || m ? { ...p, ...l, ...m } : undefined
}

function appended(former: Part, part: Part): Part | string {
  const isText = part.type === 'text' || part.type === 'reasoning'
  if (!isText || former.type !== part.type || !part.text.startsWith(former.text)) return part
  const { text, ...rest } = part
  const { text: had, ...before } = former
  return JSON.stringify(rest) === JSON.stringify(before) ? text.slice(had.length) : part
}

const frameOf = ({ parts: _parts, ...frame }: ChatMessage): string => JSON.stringify(frame)

export function withChange(message: ChatMessage, { p = [], l, m }: PartsChange): ChatMessage {
  const parts = message.parts.slice(0, l)
  for (const [index, part] of p) {
    const former = parts[index]
    if (typeof part !== 'string') parts[index] = part
    else if (former?.type === 'text' || former?.type === 'reasoning')
      parts[index] = { ...former, text: former.text + part }
  }
  return m ? { ...m, parts } : { ...message, parts }
}
