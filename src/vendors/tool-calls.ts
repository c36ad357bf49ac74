import type { ProviderMetadata, UIMessageChunk } from '../messages/chunk.js'
import { parsed } from './fields.js'

/** What is said of a call where it begins. */
export interface CallHead {
  readonly id: string
  readonly name: string
  readonly providerExecuted?: boolean
  readonly title?: string
  readonly providerMetadata?: ProviderMetadata
}

interface Call {
  head: CallHead
  readonly place: string
  input: string
  isTold: boolean
}

/** The tool calls of one answer. A call is known by its place in it: an index, or an id. */
export interface ToolCalls {
  /** Calls that wait for a result from outside. */
  readonly waiting: number
  /** Is this id in use, by a call that is open or over? */
  knows(id: string): boolean
  /** The call that is open at a place. */
  at(place: string): { readonly id: string; readonly name: string; readonly input: string } | undefined
  begin(place: string, head: CallHead): void
  /** A piece of the input's JSON. */
  append(place: string, piece: string): void
  /** The input is whole: as gathered, or as given. */
  end(place: string, input?: unknown, providerMetadata?: ProviderMetadata): void
  endAll(): void
  /** A call that comes whole. Told again, it changes nothing. */
  whole(head: CallHead, input: unknown): void
  output(id: string, output: unknown): void
  fail(id: string, errorText: string): void
}

export function createToolCalls(put: (chunk: UIMessageChunk) => void): ToolCalls {
  const open = new Map<string, Call>()
  const heads = new Map<string, CallHead>()
  const waiting = new Set<string>()
  const settled = new Set<string>()

  /** Before its name is known, a call can't be told of. */
  function tell(call: Call, name = call.head.name) {
    if (call.isTold || name === '') return
    call.isTold = true
    call.head = { ...call.head, name }
    heads.set(call.head.id, call.head)
    put({ type: 'tool-input-start', ...wordsOf(call.head) })
    if (call.input !== '') piece(call.head.id, call.input)
  }

  const piece = (toolCallId: string, inputTextDelta: string) =>
    put({ type: 'tool-input-delta', toolCallId, inputTextDelta })

  function available(head: CallHead, input: unknown) {
    heads.set(head.id, head)
    if (!head.providerExecuted) waiting.add(head.id)
    put({ type: 'tool-input-available', ...wordsOf(head), input })
  }

  /** The words of a result: of a call that was never told of there can be none, nor a second one. */
  function result(id: string): { toolCallId: string; providerExecuted?: boolean } | undefined {
    for (const [place, call] of open) if (call.head.id === id) calls.end(place)
    const head = heads.get(id)
    waiting.delete(id)
    if (settled.has(id)) return undefined
    settled.add(id)
    return head && { toolCallId: id, ...(head.providerExecuted && { providerExecuted: true }) }
  }

  const calls: ToolCalls = {
    get waiting() {
      return waiting.size
    },

    knows: (id) => heads.has(id) || [...open.values()].some(({ head }) => head.id === id),

    at(place) {
      const call = open.get(place)
      return call && { ...call.head, input: call.input }
    },

    begin(place, head) {
      const known = open.get(place)
      // Some tell the name only later.
      if (known?.head.id === head.id) return tell(known, head.name)
      if (known) calls.end(place)
      const call: Call = { head, place, input: '', isTold: false }
      open.set(place, call)
      tell(call)
    },

    append(place, more) {
      const call = open.get(place)
      if (!call || more === '') return
      call.input += more
      if (call.isTold) piece(call.head.id, more)
    },

    end(place, given, providerMetadata) {
      const call = open.get(place)
      if (!call) return
      open.delete(place)
      tell(call, call.head.name || 'tool')
      const head = providerMetadata ? { ...call.head, providerMetadata } : call.head
      if (given !== undefined) return available(head, given)
      const input = inputOf(call.input)
      if (input) return available(head, input.value)
      const errorText = 'The input of this tool call is no complete JSON.'
      put({ type: 'tool-input-error', ...wordsOf(head), input: call.input, errorText })
    },

    endAll() {
      for (const place of [...open.keys()]) calls.end(place)
    },

    whole(head, input) {
      if (!heads.has(head.id)) available(head, input)
    },

    output(id, output) {
      const words = result(id)
      if (words) put({ type: 'tool-output-available', ...words, output })
    },

    fail(id, errorText) {
      const words = result(id)
      if (words) put({ type: 'tool-output-error', ...words, errorText })
    },
  }
  return calls
}

function wordsOf({ id, name, ...more }: CallHead) {
  return { toolCallId: id, toolName: name, ...more }
}

/** Gathered JSON; undefined when it is none. Some gateways put an empty object before the pieces. */
function inputOf(text: string): { readonly value: unknown } | undefined {
  if (text.trim() === '') return { value: {} }
  const value = parsed(text)
  if (value !== text) return { value }
  const rest = text.replace(/^\s*\{\s*\}/, '')
  return rest === text ? undefined : inputOf(rest)
}
