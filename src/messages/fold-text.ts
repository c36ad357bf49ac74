import type { TextChunk } from './chunk.js'
import type { MessageState, Slot, Written } from './message-state.js'
import { countCharacters, endLoose, push } from './slots.js'
import { stringOf } from './string-of.js'

/** Text that a decoder gives without a frame: it belongs to what is open. */
export interface LooseText {
  readonly type: 'text' | 'reasoning'
  readonly delta: string
}

/** Text by its id; pieces whose beginning never came open a part of their own. */
export function foldText(state: MessageState, chunk: TextChunk) {
  const kind = chunk.type.startsWith('text') ? 'text' : 'reasoning'
  switch (chunk.type) {
    case 'text-start':
    case 'reasoning-start': {
      // Begun anew under an id that is open: what was there stays as it is, and grows no more.
      const former = state.open[kind].get(chunk.id)
      if (former) former.isOpen = false
      open(state, kind, chunk.id, chunk)
      return
    }
    case 'text-delta':
    case 'reasoning-delta':
      return append(state, state.open[kind].get(chunk.id) ?? open(state, kind, chunk.id, {}), chunk)
    case 'text-end':
    case 'reasoning-end': {
      const slot = state.open[kind].get(chunk.id)
      if (!slot) return
      const { providerMetadata = slot.part.providerMetadata } = chunk
      const citations = chunk.type === 'text-end' && chunk.citations ? { citations: chunk.citations } : {}
      slot.part = { ...slot.part, ...citations, providerMetadata, state: 'done' }
      slot.isOpen = false
      state.open[kind].delete(chunk.id)
    }
  }
}

export function foldLooseText(state: MessageState, { type, delta }: LooseText) {
  const last = state.slots[state.slots.length - 1]
  if (last?.isOpen && last.part.type === type) return append(state, last as Slot<Written>, { delta })
  endLoose(state)
  const slot = push<Written>(state, { type, text: stringOf(delta), state: 'streaming' })
  slot.isOpen = true
  state.loose = slot
}

function open(
  state: MessageState,
  kind: 'text' | 'reasoning',
  id: string,
  { providerMetadata }: Pick<TextChunk, 'providerMetadata'>,
): Slot<Written> {
  const begun = { text: '', state: 'streaming', providerMetadata } as const
  const slot = push<Written>(state, kind === 'text' ? { type: kind, ...begun } : { type: kind, id, ...begun })
  slot.isOpen = true
  state.open[kind].set(id, slot)
  return slot
}

function append(
  state: MessageState,
  slot: Slot<Written>,
  chunk: { readonly delta: string } & Pick<TextChunk, 'providerMetadata'>,
) {
  const { part } = slot
  const delta = stringOf(chunk.delta)
  countCharacters(state, delta.length)
  const providerMetadata = chunk.providerMetadata ?? part.providerMetadata
  slot.part = { ...part, text: part.text + delta, providerMetadata }
}
