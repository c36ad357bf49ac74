import type { UIMessageChunk } from '../messages/chunk.js'

/** What a vendor's decoder says of an event, before it is put into the words of the UI message stream. */
export type Chunk =
  | { readonly type: 'text' | 'reasoning'; readonly delta: string }
  /** All of the text is to be another: a moderation took it back. */
  | { readonly type: 'text-replacement'; readonly text: string }
  | { readonly type: 'section-end' }
  | {
      readonly type: 'tool'
      readonly id: string
      readonly name: string
      readonly state: 'input-streaming' | 'input-available' | 'output-available'
      readonly input?: unknown
      readonly output?: unknown
    }
  | { readonly type: 'data'; readonly name: string; readonly id: string | undefined; readonly data: unknown }

/** Puts the chunks of one run into the one vocabulary. */
export function createTranslation(): (chunk: Chunk) => readonly UIMessageChunk[] {
  const said: UIMessageChunk[] = []
  const inputs = new Map<string, string>()
  let open: { readonly kind: 'text' | 'reasoning'; readonly id: string } | undefined
  let sections = 0

  function endSection(): UIMessageChunk[] {
    const ended = open
    open = undefined
    return ended ? [{ type: `${ended.kind}-end`, id: ended.id }] : []
  }

  function append(kind: 'text' | 'reasoning', delta: string): UIMessageChunk[] {
    if (open?.kind === kind) return [{ type: `${kind}-delta`, id: open.id, delta }]
    const ended = endSection()
    open = { kind, id: `${kind}-${++sections}` }
    return [...ended, { type: `${kind}-start`, id: open.id }, { type: `${kind}-delta`, id: open.id, delta }]
  }

  function replaceText(text: string): UIMessageChunk[] {
    const isText = ({ type }: UIMessageChunk) => type.startsWith('text-')
    const ended = endSection()
    const former = said.concat(ended).filter(({ type }) => type !== 'reset-step')
    const at = former.findIndex(isText)
    const [before, after] = at < 0 ? [former, []] : [former.slice(0, at), former.slice(at)]
    const replacement = append('text', text)
    const again = [...before, ...replacement, ...endSection(), ...after.filter((chunk) => !isText(chunk))]
    said.length = 0
    return [{ type: 'reset-step' }, ...again]
  }

  function tool({ id, name, state, input, output }: Extract<Chunk, { type: 'tool' }>): UIMessageChunk[] {
    const call = { toolCallId: id, toolName: name }
    const ended = inputs.has(id) ? [] : endSection()
    if (state !== 'input-streaming') {
      inputs.set(id, '')
      const available: UIMessageChunk = { type: 'tool-input-available', ...call, input }
      if (state === 'input-available') return [...ended, available]
      return [...ended, available, { type: 'tool-output-available', toolCallId: id, output }]
    }
    const former = inputs.get(id)
    const text = typeof input === 'string' ? input : ''
    inputs.set(id, text)
    if (former === undefined) return [...ended, { type: 'tool-input-start', ...call }]
    return [{ type: 'tool-input-delta', toolCallId: id, inputTextDelta: text.slice(former.length) }]
  }

  function translate(chunk: Chunk): UIMessageChunk[] {
    switch (chunk.type) {
      case 'text':
      case 'reasoning':
        return append(chunk.type, chunk.delta)
      case 'text-replacement':
        return replaceText(chunk.text)
      case 'section-end':
        return endSection()
      case 'tool':
        return tool(chunk)
      case 'data': {
        const { name, id, data } = chunk
        const type = `data-${name}` as const
        return [...endSection(), id === undefined ? { type, data } : { type, id, data }]
      }
    }
  }

  return (chunk) => {
    const chunks = translate(chunk)
    said.push(...chunks)
    return chunks
  }
}
