import {
  asSchema,
  convertToModelMessages,
  uiMessageChunkSchema,
  type UIMessage,
  type UIMessageChunk as PeerChunk,
} from 'ai'
import fc from 'fast-check'
import { describe, expect, expectTypeOf, test } from 'vitest'
import type { UIMessageChunk } from '../../src/messages/chunk.js'
import { emptyMessage } from '../../src/messages/message-state.js'
import { fold } from '../../src/messages/fold.js'
import { chunkStream } from './chunk-streams.js'
import { readByPeer, readByUs, type Message } from './peer.js'

// The AI SDK is the judge of what a stream means.

/** The types of chunks that the installed AI SDK knows, as its schema names them when it refuses one. */
async function typesOfPeer(): Promise<string[]> {
  const refusal = await asSchema(uiMessageChunkSchema).validate?.({ type: '' })
  const types = new Set<string>()
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return
    const { path, values } = value as { path?: unknown[]; values?: unknown[] }
    if (path?.[0] === 'type') for (const name of values ?? []) types.add(String(name))
    for (const inner of Object.values(value)) visit(inner)
  }
  if (!refusal || refusal.success) throw new Error('The AI SDK takes a chunk without a type.')
  visit((refusal.error as { issues?: unknown }).issues)
  return [...types]
}

test('each type of chunk that the installed AI SDK knows is known here', async () => {
  const types = await typesOfPeer()
  expect(types.length).toBeGreaterThan(25)
  expect(types.filter((type) => fold(emptyMessage(), { type } as UIMessageChunk).others.length > 0)).toEqual(
    [],
  )
})

test('each chunk of the AI SDK, field by field, is one of ours', () => {
  type Plain<T> = T extends { type: infer Type } ? (Type extends string ? Type : never) : never
  expectTypeOf<Plain<UIMessageChunk>>().toEqualTypeOf<Plain<PeerChunk>>()
  expectTypeOf<PeerChunk>().toExtend<UIMessageChunk>()
})

/** What goes to a model; the refusal where the message is no whole one. */
async function forModel({ parts }: Message): Promise<unknown> {
  const message = { role: 'assistant', parts } as Omit<UIMessage, 'id'>
  try {
    return await convertToModelMessages([message], { ignoreIncompleteToolCalls: true })
  } catch (refused) {
    return String(refused)
  }
}

describe('any stream', () => {
  test('makes the message that the AI SDK makes of it, and the same goes to the model', async () => {
    await fc.assert(
      fc.asyncProperty(chunkStream, async (chunks) => {
        const theirs = await readByPeer(chunks)
        expect(theirs.errors).toEqual([])
        if (!theirs.message) throw new Error('The AI SDK gave no message.')
        const ours = readByUs(chunks)
        expect(ours).toEqual(theirs.message)
        expect(await forModel(ours)).toEqual(await forModel(theirs.message))
      }),
      { numRuns: 500 },
    )
  })

  test('goes on with a message that was stored as the AI SDK goes on with it', async () => {
    await fc.assert(
      fc.asyncProperty(chunkStream, chunkStream, async (before, after) => {
        const stored = (await readByPeer([{ type: 'start', messageId: 'srv' }, ...before])).message
        if (!stored) throw new Error('The AI SDK gave no message.')
        const theirs = await readByPeer(after, stored)
        expect(theirs.errors).toEqual([])
        expect(readByUs(after, stored)).toEqual(theirs.message)
      }),
      { numRuns: 200 },
    )
  })
})
