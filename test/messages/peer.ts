import { readUIMessageStream, type UIMessage, type UIMessageChunk as PeerChunk } from 'ai'
import type { UIMessageChunk } from '../../src/messages/chunk.js'
import { createAnswer } from '../../src/messages/create-answer.js'
import { fold } from '../../src/messages/fold.js'
import { messageOf } from '../../src/messages/message-of.js'
import type { Part } from '../../src/messages/part.js'

/** Says nothing of the message, and makes the AI SDK give it out: it does so after some chunks only. */
const look: PeerChunk = { type: 'message-metadata', messageMetadata: {} }

export interface Message {
  readonly id: string
  readonly metadata?: unknown
  readonly parts: readonly Part[]
}

/** What the AI SDK makes of these chunks, and whether it refused one. */
export async function readByPeer(chunks: readonly UIMessageChunk[], from?: Message) {
  const errors: unknown[] = []
  const stream = new ReadableStream<PeerChunk>({
    start(controller) {
      for (const chunk of [...chunks, look]) controller.enqueue(structuredClone(chunk) as PeerChunk)
      controller.close()
    },
  })
  const message = from && ({ ...structuredClone(from), role: 'assistant' } as UIMessage)
  let last: UIMessage | undefined
  for await (const read of readUIMessageStream({
    stream,
    ...(message && { message }),
    onError: (e) => errors.push(e),
  }))
    last = read
  return { message: last && plain({ id: last.id, metadata: last.metadata, parts: last.parts }), errors }
}

/** What we make of them. */
export function readByUs(chunks: readonly UIMessageChunk[], from?: Message) {
  if (from) {
    let state = messageOf(from)
    for (const chunk of [...chunks, look as UIMessageChunk]) state = fold(state, chunk)
    const { id, metadata, slots } = state
    return plain({ id, metadata, parts: slots.map(({ part }) => part) })
  }
  const answer = createAnswer()
  for (const chunk of [...chunks, look as UIMessageChunk]) answer.add(chunk)
  const { id = '', metadata, parts } = answer.message(answer.parts)
  return plain({ id, metadata, parts })
}

/** As it is stored and sent. */
export const plain = (message: object) => JSON.parse(JSON.stringify(message)) as Message
