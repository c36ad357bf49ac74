// #ifdef H5
import { getCurrentInstance, onMounted } from 'vue'
// #endif

/**
 * In a setup: Enter and Space do what a tap does, on every element of class `chat-press` in the component. uni-app's
 * views are no buttons of the browser, and a handler for each key at each of them would be most of a template.
 */
export function usePressByKey(): void {
  // #ifdef H5
  const component = getCurrentInstance()?.proxy
  onMounted(() => (component?.$el as HTMLElement).addEventListener('keydown', press))
  // #endif
}

// #ifdef H5
function press(event: KeyboardEvent) {
  const target = event.target as HTMLElement
  // Components stand in each other: the inner one was first.
  if (event.defaultPrevented || !target.classList.contains('chat-press')) return
  if (event.key !== 'Enter' && event.key !== ' ') return
  event.preventDefault()
  target.click()
}
// #endif
