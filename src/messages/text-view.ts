import type { Slot, Written } from './message-state.js'

/** All text of these slots. What can't change any more is joined once: the time of a reading is that of what is open. */
export type TextView = (slots: readonly Slot<Written>[]) => string

export function createTextView(): TextView {
  let joined = ''
  let count = 0
  let last: Slot<Written> | undefined

  return (slots) => {
    // A step was taken back, perhaps with other text in its place by now.
    if (count > 0 && slots[count - 1] !== last) {
      joined = ''
      count = 0
    }
    for (let slot = slots[count]; slot && !slot.isOpen; slot = slots[count]) {
      joined += slot.part.text
      last = slot
      count++
    }
    let text = joined
    for (let at = count; at < slots.length; at++) text += slots[at]?.part.text ?? ''
    return text
  }
}
