import type { ChatMessage } from 'uni-sse-channel'
import { computed, nextTick, onMounted, onUnmounted, shallowRef, watch, type ComputedRef } from 'vue'
import { afterFrame } from '../../components/chat-look/after-frame'

/** Nearer to what is in view than this, in px, a message is in the page. A quick reader takes half a second for it. */
const NEAR_PX = 3000
/** So much of a frame, in ms, goes to messages that come and go. On a slow device one takes longer than this. */
const TURN_MS = 6

/** A style. Of a message: its height before it is laid out. Of a group: the height of the messages that are not in it. */
type Room = Readonly<Record<string, string>>

export interface NearMessages {
  /** Those in the page: all, none, or those that are there so far. */
  readonly present: ComputedRef<readonly ChatMessage[]>
  /** Style of the group: the messages that are not there leave their room. */
  readonly room: ComputedRef<Room>
  /** Style of a message that comes back: it is as high as it was, before it is laid out. */
  roomOf(message: ChatMessage): Room | undefined
}

/** Ends of the messages of a group that are in the page. */
interface Range {
  readonly first: number
  readonly end: number
}

interface Size {
  /** Of a message, in px. */
  readonly height: number
  /** The same object as long as it holds, or the message would render each time. */
  readonly room: Room
}

function sizeOf(message: Element): Size {
  const { height } = message.getBoundingClientRect()
  const { paddingTop, paddingBottom } = getComputedStyle(message)
  const inside = height - parseFloat(paddingTop) - parseFloat(paddingBottom)
  return { height, room: { containIntrinsicSize: `auto ${inside}px` } }
}

/**
 * Takes messages out of the page that are far from what is in view, and puts them in again as they come near: one at a
 * time, between two frames, those first that come into view first. A page of a thousand messages costs as much as one of
 * fifty. What the reader has to do with stays: where the focus is, a selection, a message that is being edited.
 *
 * H5 only. Call it in the setup of a group.
 *
 * @param messages of the group, at least one
 * @param mayLeave it may be taken out: nothing comes into it any more
 * @param element of the group, whose children are the messages
 */
export function useNearMessages(
  messages: () => readonly ChatMessage[],
  mayLeave: () => boolean,
  element: () => HTMLElement | undefined,
): NearMessages {
  const all = (): Range => ({ first: 0, end: messages().length })
  const range = shallowRef(all())
  /** Sizes of the messages as they were last seen; empty as long as all have always been there. */
  let sizes: readonly Size[] = []
  let isNear = true
  /** The group lies above what is in view: the reader comes from below. */
  let isAbove = false
  let isWorking = false

  const roomFor = (from: number, to: number) =>
    `${sizes.slice(from, to).reduce((sum, { height }) => sum + height, 0)}px`

  /** One message in or out; false when none is left to do. */
  function step(): boolean {
    const { first, end } = range.value
    const count = messages().length
    if (isNear) {
      if (first > 0 && (isAbove || end === count)) range.value = { first: first - 1, end }
      else if (end < count) range.value = { first, end: end + 1 }
      else return false
    } else {
      if (first === end) return false
      range.value = isAbove ? { first: first + 1, end } : { first, end: end - 1 }
    }
    return true
  }

  async function work() {
    if (isWorking) return
    isWorking = true
    for (let isMore = true; isMore;) {
      await afterFrame()
      const end = performance.now() + TURN_MS
      for (isMore = step(); isMore && performance.now() < end; isMore = step()) await nextTick()
    }
    isWorking = false
  }

  function isInUse(group: HTMLElement): boolean {
    const selection = getSelection()
    return (
      group.contains(document.activeElement) ||
      group.querySelector('.message-editor') !== null ||
      (selection?.isCollapsed === false && selection.containsNode(group, true))
    )
  }

  function see({ isIntersecting, boundingClientRect, rootBounds }: IntersectionObserverEntry) {
    const group = element()
    if (!group || (!isIntersecting && (!mayLeave() || isInUse(group)))) return
    isAbove = boundingClientRect.top < (rootBounds?.top ?? 0) + NEAR_PX
    if (!isIntersecting && range.value.end - range.value.first === messages().length)
      sizes = [...group.children].map(sizeOf)
    isNear = isIntersecting
    void work()
  }

  // Other messages in the same place: how high they are is not known yet.
  watch(messages, () => {
    isNear = true
    sizes = []
    range.value = all()
  })

  let observer: IntersectionObserver | undefined
  onMounted(() => {
    const group = element()
    if (!group) return
    const root = group.closest('.uni-scroll-view-content')?.parentElement ?? null
    observer = new IntersectionObserver((entries) => entries.slice(-1).forEach(see), {
      root,
      rootMargin: `${NEAR_PX}px 0px`,
    })
    observer.observe(group)
  })
  onUnmounted(() => observer?.disconnect())

  return {
    present: computed(() => {
      const { first, end } = range.value
      return messages().slice(first, end)
    }),
    room: computed((): Room => {
      const { first, end } = range.value
      return { paddingTop: roomFor(0, first), paddingBottom: roomFor(end, sizes.length) }
    }),
    roomOf: (message) => sizes[messages().indexOf(message)]?.room,
  }
}
