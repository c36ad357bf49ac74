import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { asSchema, readUIMessageStream, uiMessageChunkSchema, type UIMessage } from 'ai'
import type { ChannelEvent } from '../../src/core/channel-event.js'
import { createSseReader } from '../../src/core/sse.js'
import type { Ending } from '../../src/core/session.js'
import { createUtf8Decoder } from '../../src/core/utf8.js'
import type { UIMessageChunk } from '../../src/messages/chunk.js'
import type { Vendor } from '../../src/vendors/vendor.js'

export interface Read {
  readonly chunks: readonly UIMessageChunk[]
  readonly ending: Ending
  /** Was the end told by an event, and not by the connection's? */
  readonly isTold: boolean
}

/** What a vendor's answer says, its bytes cut as given; then the connection is closed in order. */
export function translate(vendor: Vendor, ...pieces: readonly (string | Uint8Array)[]): Read {
  const translator = vendor.translator()
  const chunks: UIMessageChunk[] = []
  let told: Ending | undefined
  const take = (data: string, type = 'message') => {
    const translated = translator.event({ id: '', type, data })
    chunks.push(...translated.chunks)
    told ??= translated.ending
  }
  const reader = createSseReader({ event: ({ data, type }) => take(data, type) })
  const decoder = createUtf8Decoder()
  for (const piece of pieces) {
    const text = decoder.decode(typeof piece === 'string' ? Buffer.from(piece) : piece)
    if (vendor.framing === 'lines') take(text)
    else reader.feed(text)
  }
  if (vendor.framing === 'sse') reader.end()
  if (told) return { chunks, ending: told, isTold: true }
  const closed = translator.closed()
  return { chunks: [...chunks, ...closed.chunks], ending: closed.ending, isTold: false }
}

/** The events of a recording. */
export function eventsOf(vendor: Vendor, bytes: Uint8Array): ChannelEvent[] {
  const text = new TextDecoder().decode(bytes)
  if (vendor.framing === 'lines') return text.split('\n').map((data) => ({ id: '', type: 'message', data }))
  const events: ChannelEvent[] = []
  createSseReader({ event: (event) => events.push(event) }).feed(text)
  return events
}

/** Events without a name. */
export const data = (...values: readonly unknown[]) =>
  values.map((value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`).join('')
/** Events with one. */
export const named = (...events: readonly (readonly [string, unknown])[]) =>
  events.map(([name, value]) => `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`).join('')

/** A recording of `test/fixtures/vendors`. */
export const recording = (path: string): Uint8Array =>
  readFileSync(fileURLToPath(new URL(`../fixtures/vendors/${path}`, import.meta.url)))

/** The message that the AI SDK makes of these chunks. */
export async function messageOf(chunks: readonly UIMessageChunk[]): Promise<UIMessage | undefined> {
  const stream = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
  let message: UIMessage | undefined
  const onError = (error: unknown) => {
    throw error
  }
  for await (message of readUIMessageStream({ stream: stream as never, onError, terminateOnError: true }));
  return message
}

/** What is wrong with these chunks; empty when they are a UI message stream that any reader takes. */
export async function faultsOf({ chunks, ending }: Read): Promise<string[]> {
  const faults: string[] = []
  const open = new Set<string>()
  const calls = new Set<string>()
  const schema = asSchema(uiMessageChunkSchema)
  let isOver = false
  for (const chunk of chunks) {
    const fault = (why: string) => faults.push(`${why}: ${JSON.stringify(chunk)}`)
    const { success } = (await schema.validate?.(chunk)) ?? { success: false }
    if (!success) fault('no chunk')
    if (JSON.stringify(chunk) !== JSON.stringify(JSON.parse(JSON.stringify(chunk)))) fault('no JSON')
    if (isOver) fault('after the end')
    const [kind, step] = chunk.type.split('-') as [string, string | undefined]
    if (kind === 'text' || kind === 'reasoning') {
      const { id } = chunk as { id: string }
      const name = `${kind} ${id}`
      if (step === 'start' && open.has(name)) fault('begun twice')
      if (step !== 'start' && !open.has(name)) fault('not begun')
      if (step === 'start') open.add(name)
      if (step === 'end') open.delete(name)
    }
    if (chunk.type === 'tool-input-start' || chunk.type === 'tool-input-available')
      calls.add(chunk.toolCallId)
    else if (kind === 'tool' && !calls.has((chunk as { toolCallId: string }).toolCallId))
      fault('no such call')
    if (chunk.type === 'finish') isOver = true
  }
  if (open.size > 0) faults.push(`left open: ${[...open].join(', ')}`)
  if (isOver !== (ending.outcome === 'done'))
    faults.push(`the outcome is ${ending.outcome}, finish: ${isOver}`)
  await messageOf(chunks).catch((thrown) => faults.push(`the AI SDK can't read it: ${thrown}`))
  return faults
}

/** The outcome and content in short: what the AI SDK makes of it, without states. */
export async function said(vendor: Vendor, ...pieces: readonly (string | Uint8Array)[]) {
  const { chunks, ending } = translate(vendor, ...pieces)
  const parts: readonly Record<string, unknown>[] = (await messageOf(chunks))?.parts ?? ([] as never)
  const texts = parts.filter(({ type }) => type === 'text').map(({ text }) => text as string)
  const finish = chunks.find((chunk) => chunk.type === 'finish')
  return {
    outcome: ending.outcome,
    code: ending.error?.code,
    message: ending.error?.message,
    reason: finish?.type === 'finish' ? finish.finishReason : undefined,
    text: texts.join(''),
    texts,
    reasoning: parts
      .filter(({ type }) => type === 'reasoning')
      .map(({ text }) => text as string)
      .join(''),
    tools: parts
      .filter((part) => part.toolCallId !== undefined)
      .map((part) => [part.toolCallId, String(part.type).slice(5), part.input, part.output]),
    parts,
    chunks,
  }
}
