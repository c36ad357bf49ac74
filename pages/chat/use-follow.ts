import { nextTick, ref } from 'vue'

/** A reader this far from the end, in px, has scrolled up on purpose. */
const NEAR_PX = 120

interface ScrollEvent {
  readonly detail: { readonly scrollTop: number; readonly scrollHeight: number }
}

/** Keeps a `scroll-view` at its end while text grows, and lets go when the reader scrolls up. */
export function useFollow() {
  const scrollTop = ref(0)
  let following = true
  let lastTop = 0
  let height = 0

  return {
    scrollTop,
    onScroll({ detail }: ScrollEvent) {
      // Growing never moves the view up: only a reader does.
      if (detail.scrollTop < lastTop - 4 && detail.scrollHeight >= height) following = false
      else if (detail.scrollTop > lastTop && detail.scrollHeight - detail.scrollTop - viewport() < NEAR_PX)
        following = true
      lastTop = detail.scrollTop
      height = detail.scrollHeight
    },
    follow() {
      if (!following) return
      // A scroll-view moves only when the value changes, and goes to its end when it is past it.
      void nextTick(() => {
        scrollTop.value = scrollTop.value === 1e7 ? 1e7 + 1 : 1e7
      })
    },
  }
}

const viewport = () => uni.getWindowInfo().windowHeight
