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

/**
 * What is in a field at this moment. uni-app tells up to 100 ms late: what was typed just before Enter would be lost.
 * @param outer uni-app's element around the field, or what is around that
 */
export function typedIn(outer: HTMLElement): string | undefined {
  return outer.querySelector<HTMLTextAreaElement | HTMLInputElement>('textarea, input')?.value
}

/** Empties a field, and has uni-app forget what it was still to tell. */
export function emptyField(outer: HTMLElement): void {
  const field = outer.querySelector('textarea')
  if (!field) return
  field.value = ''
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/** uni-app leaves `aria-label` on its element around a field, where screen readers don't look for it. */
export function nameField(outer: HTMLElement, name: string): void {
  outer.querySelector('textarea, input')?.setAttribute('aria-label', name)
}
