import { ChannelError } from '../core/channel-error.js'
import type { Ending } from '../core/session.js'
import type { Citation, FinishReason, ProviderMetadata, UIMessageChunk } from '../messages/chunk.js'
import { known, textOf, type Fields } from './fields.js'
import { mediaTypeOf } from './media-type.js'
import { createToolCalls, type ToolCalls } from './tool-calls.js'

type Kind = 'text' | 'reasoning'

/** What is told with a part's end. */
export interface PartEnd {
  readonly providerMetadata?: ProviderMetadata
  readonly citations?: readonly Citation[]
}

/**
 * One answer as it is written: what a vendor says goes in, well-formed chunks come out. Every piece stands between the
 * begin and the end of its part, every part ends before the answer.
 */
export interface Answer {
  readonly tools: ToolCalls
  /** Set once the answer is over. */
  readonly ending: Ending | undefined
  /** Why the answer ends, where that is known before its end. */
  reason: FinishReason | undefined
  /**
   * A piece of text or of thinking, if there is anything in it. Parts with a `key` of their own may be open side by
   * side; without one, what comes next ends what came before.
   */
  piece(kind: Kind, delta: unknown, key?: string): void
  /** Begins a part that may stay empty. */
  begin(kind: Kind, key: string, providerMetadata?: ProviderMetadata): void
  end(kind: Kind, key: string, told?: PartEnd): void
  /** A source, once for each address. */
  source(url: unknown, title?: unknown): void
  document(id: string, title: unknown, filename?: unknown): void
  /** A file, once for each address. @param type a media type, or a kind: `image` */
  file(url: unknown, type?: string): void
  /** A part of the application's; with `transient` it is told and not kept. */
  data(name: string, data: unknown, more?: { readonly id?: string; readonly transient?: true }): void
  /** What is known of the whole message; told when it is news. */
  tell(metadata: Fields): void
  /** Told with the end. */
  usage(usage: Fields): void
  put(chunk: UIMessageChunk): void
  /** From now on what is put is kept, so that it can be put again when something is taken back. */
  remember(): void
  /** All text, or all thinking, is to be another. The rest stays. @see remember */
  rewrite(kind: Kind, text: string): void
  done(reason?: FinishReason): void
  stopped(): void
  /** The vendor reports a failure; what it says of it reaches the page. */
  fail(words: unknown): void
  /** The answer broke off. */
  incomplete(message: string): void
  /** Ends the parts that have no key: something else stands between. */
  pause(): void
  /** What was put since the last time. */
  take(): UIMessageChunk[]
}

export function createAnswer(): Answer {
  const chunks: UIMessageChunk[] = []
  const open = new Map<string, { readonly kind: Kind; readonly id: string }>()
  const sources = new Set<string>()
  const files = new Set<string>()
  const told = new Map<string, string>()
  let usage: Fields = {}
  let parts = 0
  let ending: Ending | undefined

  let kept: UIMessageChunk[] | undefined

  function put(chunk: UIMessageChunk) {
    chunks.push(chunk)
    if (isContent(chunk)) kept?.push(chunk)
  }

  const tools = createToolCalls((chunk) => {
    // What is said after a call is not what was said before it.
    if (chunk.type === 'tool-input-start' || chunk.type === 'tool-input-available') answer.pause()
    put(chunk)
  })

  /** A part's name among those that are open. */
  const nameOf = (kind: Kind, key: string) => `${kind} ${key}`

  function endAll() {
    for (const { kind, id } of open.values()) put({ type: `${kind}-end`, id })
    open.clear()
  }

  function over(with_: Ending) {
    endAll()
    ending = with_
  }

  const answer: Answer = {
    tools,
    reason: undefined,

    get ending() {
      return ending
    },

    piece(kind, delta, key = '') {
      if (typeof delta !== 'string' || delta === '') return
      if (key === '') answer.end(kind === 'text' ? 'reasoning' : 'text', '')
      answer.begin(kind, key)
      const { id } = open.get(nameOf(kind, key)) ?? { id: '' }
      put({ type: `${kind}-delta`, id, delta })
    },

    begin(kind, key, providerMetadata) {
      if (open.has(nameOf(kind, key))) return
      const id = `${kind}-${++parts}`
      open.set(nameOf(kind, key), { kind, id })
      put({ type: `${kind}-start`, id, ...(providerMetadata && { providerMetadata }) })
    },

    end(kind, key, more = {}) {
      const part = open.get(nameOf(kind, key))
      if (!part) return
      open.delete(nameOf(kind, key))
      put({ type: `${kind}-end`, id: part.id, ...more })
    },

    source(url, title) {
      if (typeof url !== 'string' || url === '' || sources.has(url)) return
      sources.add(url)
      put({ type: 'source-url', sourceId: url, url, ...(textOf(title) && { title: textOf(title) }) })
    },

    document(id, title, filename) {
      if (id === '' || sources.has(id)) return
      sources.add(id)
      const name = textOf(filename)
      const mediaType = name === '' ? 'text/plain' : mediaTypeOf(name)
      put({
        ...{ type: 'source-document', sourceId: id, mediaType, title: textOf(title) || id },
        ...(name && { filename: name }),
      })
    },

    file(url, type = '') {
      if (typeof url !== 'string' || url === '' || files.has(url)) return
      files.add(url)
      answer.pause()
      put({ type: 'file', url, mediaType: type.includes('/') ? type : mediaTypeOf(url, type) })
    },

    data(name, data, more = {}) {
      put({ type: `data-${name}`, data, ...more })
    },

    tell(metadata) {
      const news = Object.entries(known(metadata)).filter(
        ([key, value]) => told.get(key) !== JSON.stringify(value),
      )
      if (news.length === 0) return
      for (const [key, value] of news) told.set(key, JSON.stringify(value))
      put({ type: 'message-metadata', messageMetadata: Object.fromEntries(news) })
    },

    usage(more) {
      usage = { ...usage, ...known(more) }
    },

    put,

    remember() {
      kept ??= []
    },

    rewrite(kind, text) {
      endAll()
      const before = kept ?? []
      kept = []
      put({ type: 'reset-step' })
      const isOld = (chunk: UIMessageChunk) => chunk.type.startsWith(`${kind}-`)
      const place = before.findIndex(isOld)
      const end = place < 0 ? before.length : place
      for (const chunk of before.slice(0, end)) put(chunk)
      answer.piece(kind, text)
      answer.end(kind, '')
      for (const chunk of before.slice(end)) if (!isOld(chunk)) put(chunk)
    },

    done(reason = answer.reason) {
      tools.endAll()
      endAll()
      const finishReason = reason === 'stop' && tools.waiting > 0 ? 'tool-calls' : reason
      put({
        type: 'finish',
        ...(finishReason && { finishReason }),
        ...(Object.keys(usage).length > 0 && { messageMetadata: { usage } }),
      })
      over({ outcome: 'done' })
    },

    stopped: () => over({ outcome: 'stopped' }),

    fail(words) {
      const text = textOf(words)
      over({ outcome: 'error', error: new ChannelError('PRODUCER_ERROR', text === '' ? undefined : text) })
    },

    incomplete: (message) => over({ outcome: 'error', error: new ChannelError('INCOMPLETE', message) }),

    pause() {
      answer.end('text', '')
      answer.end('reasoning', '')
    },

    take: () => chunks.splice(0),
  }
  return answer
}

/** What is void when a step is reset: not what is told of the whole message, nor what is not kept anyway. */
function isContent(chunk: UIMessageChunk): boolean {
  if (chunk.type === 'message-metadata' || chunk.type === 'reset-step' || chunk.type === 'finish')
    return false
  return !('transient' in chunk && chunk.transient)
}
