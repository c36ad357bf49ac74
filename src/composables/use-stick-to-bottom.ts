import { tryOnScopeDispose } from '@vueuse/core'
import {
  computed,
  getCurrentInstance,
  nextTick,
  onMounted,
  onUnmounted,
  readonly,
  ref,
  shallowRef,
  type ComputedRef,
  type Ref,
} from 'vue'
import { measureHeight } from '../platform/measure-height.js'
import { watchEnd } from '../platform/watch-end.js'

/** Nearer than this to the end, in px, a reader counts as being there. */
const NEAR_PX = 48
/** Smaller moves, in px, are the platform's rounding. */
const SLACK_PX = 2
/**
 * Where a page's script and its view are apart, each move is a message to the view, and a render of the page: this
 * many milliseconds lie between two, whatever comes meanwhile.
 */
const MOVE_MS = 300
/** Past any end, in few digits, as each move is sent to the view. A scroll-view moves only when the value changes, so there are two. */
const END = 9e6

/** What a `scroll-view` reports. */
export interface ScrollEvent {
  readonly detail: { readonly scrollTop: number; readonly scrollHeight: number }
}

/** What `useStickToBottom()` takes. */
export interface UseStickToBottomOptions {
  /**
   * Selector of the `scroll-view` in this component. With it, a view that got higher itself (a keyboard that
   * goes, a composer that shrinks) is not taken for a reader who moved up; its scroll event can't tell. On H5 it is
   * also followed when it grows by itself: an image, a font, a formula that comes late.
   */
  readonly scrollView?: string
}

/** What `useStickToBottom()` gives, to be bound to the `scroll-view`. */
export interface UseStickToBottomReturn {
  /** For the scroll-view's `scroll-top`. */
  readonly scrollTop: Readonly<Ref<number>>
  /** For its `scroll` event. */
  onScroll(event: ScrollEvent): void
  /** For its `scrolltolower` event. */
  onScrollToLower(): void
  /**
   * The content grew: shows its end, unless the reader went elsewhere. May be called as often as it grows: off H5 it
   * moves the view three times a second at most.
   */
  follow(): void
  /** Shows the end and follows again. */
  toBottom(): void
  /** False while the reader is elsewhere: offer a way back. */
  readonly isFollowing: ComputedRef<boolean>
}

/**
 * Keeps a `scroll-view` at the end of what grows in it. Lets go as soon as the reader scrolls up, and follows
 * again when the reader comes back to the end or asks for it.
 */
export function useStickToBottom({ scrollView }: UseStickToBottomOptions = {}): UseStickToBottomReturn {
  const component = getCurrentInstance()?.proxy
  const scrollTop = ref(0)
  /** `checking`: it moved up, and nothing moves it until it is known who did. */
  const state = shallowRef<'following' | 'checking' | 'reading'>('following')
  let top = 0
  let height = 0
  /** Height of what is visible: the least distance from the top of it to the end ever seen. */
  let viewport = Number.POSITIVE_INFINITY
  let isMoving = false
  let movedAt = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined

  function toEnd() {
    // Two moves of one tick would end where they began.
    if (isMoving) return
    clearTimeout(timer)
    timer = undefined
    isMoving = true
    movedAt = Date.now()
    // After the view has grown, or the platform stops at the old end.
    void nextTick(() => {
      isMoving = false
      if (state.value === 'following') scrollTop.value = scrollTop.value === END ? END + 1 : END
    })
  }

  function movedUp(belowTop: number) {
    if (state.value === 'reading' || !scrollView) {
      state.value = 'reading'
      return
    }
    state.value = 'checking'
    void measureHeight(scrollView, component).then((visible) => {
      if (state.value !== 'checking') return
      if (visible === undefined || Math.abs(belowTop - visible) > SLACK_PX) {
        state.value = 'reading'
        return
      }
      // Still at the end: the view itself got higher.
      viewport = visible
      state.value = 'following'
      toEnd()
    })
  }

  let stopWatching: (() => void) | undefined

  function follow() {
    if (state.value !== 'following') return
    const wait = movedAt + MOVE_MS - Date.now()
    // A clock may have been set back.
    if (stopWatching || wait <= 0 || wait > MOVE_MS) toEnd()
    else timer ??= setTimeout(toEnd, wait)
  }

  tryOnScopeDispose(() => clearTimeout(timer))
  if (scrollView && component) {
    onMounted(() => (stopWatching = watchEnd(scrollView, component, follow)))
    onUnmounted(() => stopWatching?.())
  }

  return {
    scrollTop: readonly(scrollTop),
    isFollowing: computed(() => state.value !== 'reading'),
    onScroll({ detail }) {
      const belowTop = detail.scrollHeight - detail.scrollTop
      viewport = Math.min(viewport, belowTop)
      // Growth never moves a view up, and shrinking changes the height: what is left is the reader.
      if (detail.scrollTop < top - SLACK_PX && detail.scrollHeight >= height) movedUp(belowTop)
      else if (detail.scrollTop > top && belowTop - viewport < NEAR_PX) state.value = 'following'
      top = detail.scrollTop
      height = detail.scrollHeight
    },
    onScrollToLower() {
      state.value = 'following'
    },
    follow,
    toBottom() {
      state.value = 'following'
      toEnd()
    },
  }
}
