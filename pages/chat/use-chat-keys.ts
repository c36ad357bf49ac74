import { onHide, onShow, onUnload } from '@dcloudio/uni-app'

export interface ChatKeys {
  /** Ctrl+K, or ⌘K. */
  newChat(): void
  escape(): void
}

/** For H5: keys that count anywhere on the page, while it is the one that is shown. */
export function useChatKeys({ newChat, escape }: ChatKeys): void {
  function press(event: KeyboardEvent) {
    // What was pressed has had its own meaning, or belongs to an input method.
    if (event.defaultPrevented || event.isComposing) return
    if (event.key === 'Escape') escape()
    else if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
      event.preventDefault()
      newChat()
    }
  }
  const listen = () => document.addEventListener('keydown', press)
  const cease = () => document.removeEventListener('keydown', press)
  onShow(listen)
  onHide(cease)
  onUnload(cease)
}
