import fc from 'fast-check'
import type { UIMessageChunk } from '../../src/messages/chunk.js'

/** Ids that come again, and one that is no name for a field of an object. */
const ids = ['1', '2', '__proto__']

type Kind = 'text' | 'reasoning'

interface Known {
  readonly open: { readonly text: Set<string>; readonly reasoning: Set<string> }
  /** How much of each call's input has come. */
  inputs: Map<string, number>
  /** Steps and calls, in order: a step that is taken back takes its calls with it. */
  log: ({ readonly step: true } | { readonly call: string; approval?: string })[]
}

const metadata = fc.option(
  fc.constantFrom(
    { anthropic: { signature: 'S' } },
    { openai: { itemId: 'i', n: null } },
    { a: { b: 1 }, c: { d: [1] } },
  ),
  { nil: undefined },
)
const value = fc.jsonValue({ maxDepth: 2 })
/** A tool's input, with all that JSON has; it comes in pieces of any length. */
export const toolInput = String.raw`{"city": "北京\n\u4eac\"\\", "n": [1, -2.5e+3, 0, true, null, [[]], {"a": {}}], "e": "👋", "f": false }`

interface Draw {
  readonly op: number
  readonly id: string
  readonly flag: boolean
  readonly flag2: boolean
  readonly words: string
  readonly length: number
  readonly value: unknown
  readonly meta: object | undefined
}

const draw: fc.Arbitrary<Draw> = fc.record({
  op: fc.nat(23),
  id: fc.constantFrom(...ids),
  flag: fc.boolean(),
  flag2: fc.boolean(),
  words: fc.constantFrom('', 'The ', '猫 ', '👨‍👩‍👧', 'sat\n'),
  length: fc.nat(25),
  value,
  meta: metadata,
})

/** Streams that the AI SDK takes: what is drawn out of place is left out. */
export const chunkStream: fc.Arbitrary<readonly UIMessageChunk[]> = fc
  .array(draw, { maxLength: 40, size: 'max' })
  .map((draws) => {
    const known: Known = { open: { text: new Set(), reasoning: new Set() }, inputs: new Map(), log: [] }
    // With another id later on, readUIMessageStream begins anew, as the AI SDK's chat does when it resumes; see fold.
    const start = { type: 'start', messageId: 'srv' }
    return [start, ...draws.flatMap((drawn) => chunksOf(drawn, known))] as UIMessageChunk[]
  })

function chunksOf({ op, id, flag, flag2, words, length, value, meta }: Draw, known: Known): object[] {
  const kind: Kind = flag ? 'text' : 'reasoning'
  const providerMetadata = meta && { providerMetadata: meta }
  const call = { toolCallId: id, toolName: flag2 ? 'search' : 'pay', ...(flag && { dynamic: true }) }
  const more = {
    ...providerMetadata,
    ...(flag2 && { title: 'T', providerExecuted: true, toolMetadata: { k: id } }),
  }
  const isKnown = known.log.some((entry) => 'call' in entry && entry.call === id)
  const asked = known.log.find((entry) => 'call' in entry && entry.approval === id)
  switch (op) {
    case 0:
    case 1:
      known.open[kind].add(id)
      return [{ type: `${kind}-start`, id, ...providerMetadata }]
    case 2:
    case 3:
    case 4:
      if (!known.open[kind].has(id)) return []
      return [{ type: `${kind}-delta`, id, delta: words, ...(flag2 && providerMetadata) }]
    case 5: {
      if (!known.open[kind].delete(id)) return []
      const source = { type: 'source', sourceType: 'url', id: 's', url: 'u' }
      const citations = kind === 'text' && flag2 && { citations: [{ source, startIndex: 0 }] }
      return [{ type: `${kind}-end`, id, ...citations, ...providerMetadata }]
    }
    case 6:
      known.inputs.set(id, 0)
      known.log.push({ call: id })
      return [{ type: 'tool-input-start', ...call, ...more, ...(words === '' && { inputEncoding: 'text' }) }]
    case 7:
    case 8:
      if (!known.inputs.has(id)) return []
      known.log.push({ call: id })
      return [{ type: 'tool-input-delta', toolCallId: id, inputTextDelta: nextInput(id, length, known) }]
    case 9:
    case 10:
      known.log.push({ call: id })
      return [{ type: 'tool-input-available', ...call, ...more, input: value }]
    case 11:
      known.log.push({ call: id })
      return [{ type: 'tool-input-error', ...call, ...more, input: value, errorText: 'no' }]
    case 12:
    case 13:
      if (!isKnown) return []
      return [
        {
          type: 'tool-output-available',
          toolCallId: id,
          output: value,
          ...(flag && { preliminary: true }),
          ...(flag2 && { providerExecuted: true, toolMetadata: { r: 1 } }),
          ...providerMetadata,
        },
      ]
    case 14:
      return isKnown
        ? [{ type: 'tool-output-error', toolCallId: id, errorText: 'bad', ...providerMetadata }]
        : []
    case 15: {
      // One question to an id: of two the AI SDK takes the first in the message.
      const last = known.log.filter((entry) => 'call' in entry && entry.call === id).pop()
      if (!last || !('call' in last) || asked) return []
      last.approval = id
      const why = flag2 && { reason: 'why', isAutomatic: flag, signature: 's', approvalDescriptor: { d: 1 } }
      return [
        {
          type: 'tool-approval-request',
          approvalId: id,
          toolCallId: id,
          ...why,
          ...(flag && { inputSchemaInput: null }),
        },
      ]
    }
    case 16:
      if (!asked) return []
      return [
        {
          type: 'tool-approval-response',
          approvalId: id,
          approved: flag,
          ...(flag2 && { reason: 'because', providerExecuted: true, ...providerMetadata }),
        },
      ]
    case 17:
      return isKnown ? [{ type: 'tool-output-denied', toolCallId: id }] : []
    case 18:
      known.log.push({ step: true })
      return flag2 ? [{ type: 'finish-step' }, { type: 'start-step' }] : [{ type: 'start-step' }]
    case 19:
      if (!flag) return []
      while (known.log.length > 0 && !('step' in (known.log[known.log.length - 1] ?? {}))) known.log.pop()
      known.open.text.clear()
      known.open.reasoning.clear()
      known.inputs.clear()
      return [{ type: 'reset-step' }]
    case 20:
      return [
        { type: 'data-row', ...(flag && { id }), data: value, ...(flag2 && { transient: words === '' }) },
      ]
    case 21:
      if (flag && flag2)
        return [{ type: 'source-url', sourceId: id, url: 'https://a.example', ...providerMetadata }]
      if (flag) return [{ type: 'source-document', sourceId: id, mediaType: 'text/plain', title: 'T' }]
      return [
        {
          type: flag2 ? 'file' : 'reasoning-file',
          url: 'data:,',
          mediaType: 'text/plain',
          ...providerMetadata,
        },
      ]
    case 22:
      if (flag) return [{ type: 'custom', kind: 'openai.x', ...providerMetadata }]
      return [{ type: 'steering-message', id, parts: [{ type: 'text', text: words }] }]
    default: {
      const messageMetadata = { ...meta, [`f${words.length}`]: value, deep: { [id]: value } }
      if (flag && flag2) return [{ type: 'start', messageId: 'srv', messageMetadata }]
      if (flag) return [{ type: 'message-metadata', messageMetadata }]
      return [{ type: 'finish', finishReason: 'length', messageMetadata }]
    }
  }
}

function nextInput(id: string, length: number, { inputs }: Known): string {
  const from = inputs.get(id) ?? 0
  inputs.set(id, from + length)
  return toolInput.slice(from, from + length)
}
