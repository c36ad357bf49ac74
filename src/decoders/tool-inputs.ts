import type { Chunk } from './legacy-chunks.js'
import { parseLoosely } from './json.js'

/** Tool calls whose input comes in pieces of JSON text, each piece with the place of its call in the answer. */
export interface ToolInputs {
  begin(place: number, id: string, name: string): Chunk | undefined
  append(place: number, piece: string): Chunk | undefined
  /** The input is whole: of one call, or of all that are open. */
  end(place?: number): Chunk[]
}

export function createToolInputs(): ToolInputs {
  const open = new Map<number, { readonly id: string; readonly name: string; input: string }>()

  return {
    begin(place, id, name) {
      if (open.has(place)) return undefined
      open.set(place, { id, name, input: '' })
      return { type: 'tool', id, name, state: 'input-streaming' }
    },

    append(place, piece) {
      const call = open.get(place)
      if (!call || piece === '') return undefined
      call.input += piece
      return { type: 'tool', ...call, state: 'input-streaming' }
    },

    end(place) {
      const ended = [...open].filter(([at]) => place === undefined || at === place)
      for (const [at] of ended) open.delete(at)
      return ended.map(([, { id, name, input }]) => {
        return {
          type: 'tool',
          id,
          name,
          state: 'input-available',
          input: input === '' ? {} : parseLoosely(input),
        }
      })
    },
  }
}
