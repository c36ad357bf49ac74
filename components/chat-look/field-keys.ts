/**
 * Enter in the field sends, Shift+Enter makes a line, and an Enter that takes an input method's candidate does
 * neither. For H5: uni-app's own events don't tell these apart.
 * @param field the field, or what is around it
 */
export function sendByKey(
  field: HTMLElement,
  send: () => void,
  isField: (event: Event) => boolean = () => true,
): void {
  field.addEventListener('keydown', (event) => {
    if (!isField(event)) return
    // 229: Safari has ended the composition by the time of its Enter.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
    event.preventDefault()
    send()
  })
}

/** uni-app leaves `aria-label` on its element around a field, where screen readers don't look for it. */
export function nameField(outer: HTMLElement, name: string): void {
  outer.querySelector('textarea, input')?.setAttribute('aria-label', name)
}
