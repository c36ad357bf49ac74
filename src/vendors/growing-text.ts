import type { Answer } from './answer.js'
import { textOf } from './fields.js'

/** After so many events that each repeat all before them, there is no doubt. */
const ENOUGH = 4
/** Nobody says a piece of this length twice in a row by chance. */
const NO_CHANCE_CHARS = 8

/**
 * Text of a service that sends pieces, or with each event all of the text again, and does not say which. Each event is
 * taken to repeat when it begins with all that is known; when a later one disproves that, what was shown is rewritten.
 */
export function createGrowingText(answer: Answer, kind: 'text' | 'reasoning') {
  let mode: 'unknown' | 'repeats' | 'pieces' = 'unknown'
  let shown = ''
  /** Everything one after the other, for as long as it is not known whether that is the text. */
  let joined = ''
  let repeats = 0

  function append(piece: string) {
    shown += piece
    answer.piece(kind, piece)
  }

  return {
    get isRepeating() {
      return mode === 'repeats'
    },

    add(value: unknown) {
      const piece = textOf(value)
      if (piece === '') return
      if (mode === 'unknown') joined += piece
      const isLonger =
        piece.length > shown.length || (piece === shown && (repeats > 0 || piece.length >= NO_CHANCE_CHARS))
      if (mode === 'pieces' || shown === '') return append(piece)
      if (piece.startsWith(shown) && (isLonger || mode === 'repeats')) {
        if (++repeats >= ENOUGH) mode = 'repeats'
        return append(piece.slice(shown.length))
      }
      if (mode === 'repeats') return
      mode = 'pieces'
      if (repeats === 0) return append(piece)
      shown = joined
      answer.rewrite(kind, joined)
    },
  }
}
