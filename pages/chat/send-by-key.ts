/**
 * Enter in the field sends, Shift+Enter makes a line, and an Enter that takes an input method's candidate does
 * neither. For H5: uni-app's own events don't tell these apart.
 */
export function sendByKey(field: HTMLElement, send: () => void): void {
  field.addEventListener('keydown', (event) => {
    // 229: Safari has ended the composition by the time of its Enter.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
    event.preventDefault()
    send()
  })
}
