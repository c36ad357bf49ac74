import type { MessageNode } from '../message-tree.js'
import { isFurther } from './is-further.js'
import type { JsonRecords } from './json-records.js'
import { fieldsOf } from '../../vendors/fields.js'
import { isNode } from './sound-records.js'
import { withChange, type PartsChange } from './parts-change.js'

/**
 * The messages of one conversation: `ID/3` is the fourth, `ID/3/0` the first piece by which it has grown since. The app may
 * die between any two of these writes.
 */
export interface MessageRecords {
  /** As the records are now, in the order of their numbers. */
  readAll(count: number): readonly MessageNode[]
  /** @returns the message's number, which is `count` for a new one */
  write(node: MessageNode, count: number): number
  /** False when the message is not known here: then it has to be written as a whole. */
  append(key: string, change: PartsChange): boolean
  remove(key: string): void
  removeAll(count: number): void
}

/** `gen` counts how often it was written as a whole: pieces of an earlier one are in it already. */
interface Stored {
  readonly gen: number
  readonly node: MessageNode
}

interface Piece extends PartsChange {
  readonly gen: number
}

/** Where a message is. */
interface Place {
  readonly slot: number
  readonly gen: number
  /** Pieces that are there. */
  readonly pieces: number
}

export function createMessageRecords(records: JsonRecords, name: string): MessageRecords {
  const places = new Map<string, Place>()
  const keyOf = (slot: number) => `${name}/${slot}`
  const pieceKey = (slot: number, piece: number) => `${keyOf(slot)}/${piece}`

  function readSlot(slot: number): (Stored & { readonly pieces: number }) | undefined {
    const { gen, node: stored } = fieldsOf(records.read(keyOf(slot)))
    if (!isNode(stored) || typeof gen !== 'number') return undefined
    let node = stored
    let pieces = 0
    while (canGrow(node)) {
      const piece = records.read(pieceKey(slot, pieces))
      if (!isPiece(piece) || piece.gen !== gen) break
      node = { ...node, message: withChange(node.message, piece) }
      pieces++
    }
    return { gen, node, pieces }
  }

  function removePieces(slot: number) {
    for (let piece = 0; records.read(pieceKey(slot, piece)) !== undefined; piece++)
      records.remove(pieceKey(slot, piece))
  }

  return {
    readAll(count) {
      places.clear()
      const nodes: MessageNode[] = []
      for (let slot = 0; slot < count; slot++) {
        const found = readSlot(slot)
        if (!found) continue
        nodes.push(found.node)
        places.set(found.node.key, { slot, gen: found.gen, pieces: found.pieces })
      }
      return nodes
    },
    write(node, count) {
      const place = places.get(node.key)
      const slot = place?.slot ?? count
      // Where a new message goes, a dying app may have left something.
      const former = readSlot(slot)
      if (place && former && isFurther(former.node, node)) return slot
      const gen = (former?.gen ?? 0) + 1
      records.write(keyOf(slot), { gen, node } satisfies Stored)
      places.set(node.key, { slot, gen, pieces: 0 })
      removePieces(slot)
      return slot
    },
    append(key, change) {
      const place = places.get(key)
      if (!place) return false
      const { slot, gen, pieces } = place
      records.write(pieceKey(slot, pieces), { gen, ...change } satisfies Piece)
      places.set(key, { slot, gen, pieces: pieces + 1 })
      return true
    },
    remove(key) {
      const place = places.get(key)
      if (!place) return
      records.remove(keyOf(place.slot))
      removePieces(place.slot)
      places.delete(key)
    },
    removeAll(count) {
      for (let slot = 0; slot < count; slot++) {
        records.remove(keyOf(slot))
        removePieces(slot)
      }
      places.clear()
    },
  }
}

function isPiece(value: unknown): value is Piece {
  const { gen, p } = fieldsOf(value)
  return typeof gen === 'number' && (p === undefined || (Array.isArray(p) && p.every(Array.isArray)))
}

/** What is complete is looked up in one read. */
const canGrow = ({ message: { status } }: MessageNode) => status !== undefined && status !== 'done'
