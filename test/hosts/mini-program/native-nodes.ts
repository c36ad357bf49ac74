import { glassEasel } from 'glass-easel-miniprogram-adapter'
import { renderRichText } from './rich-text.js'

type Linked = Element & { __wxElement?: glassEasel.Element }

/** Attributes that mean something on a phone and nothing to the DOM. */
const ATTRIBUTES = ['value', 'nodes', 'scroll-top', 'scroll-into-view', 'src']
const LOWER_THRESHOLD_PX = 50

/**
 * Gives plain DOM nodes the behaviour of the vendor's built-in ones, as far as chat pages need it: `input` and
 * `textarea` (value, input, focus, blur, confirm), `scroll-view` (position, scroll, scrolltolower), `rich-text`,
 * `image` (its size and `load`; no picture is drawn).
 * Not there: pickers, sliders, forms, video, canvas, swiper's paging.
 * @returns the undo
 */
export function connectNativeNodes(stage: HTMLElement): () => void {
  // Stopped here: the framework would also see the DOM's own events, without the detail a mini program gets.
  const onText = (type: string) => (event: Event) => {
    const field = event.target as HTMLInputElement & Linked
    // A view with a tabindex takes the focus too, but has nothing to tell.
    if (typeof field.value !== 'string') return
    event.stopImmediatePropagation()
    trigger(field, type, { value: field.value, cursor: field.selectionStart ?? field.value.length })
  }
  const onKey = (event: Event) => {
    const field = event.target as HTMLInputElement & Linked
    if (typeof field.value !== 'string') return
    const confirms =
      field.tagName === 'INPUT' || !['return', null].includes(field.getAttribute('confirm-type'))
    if ((event as KeyboardEvent).key === 'Enter' && confirms)
      trigger(field, 'confirm', { value: field.value })
  }
  const lastTop = new WeakMap<Element, number>()
  const onScroll = (event: Event) => {
    const view = event.target as Linked
    if (view.tagName !== 'SCROLL-VIEW') return
    event.stopImmediatePropagation()
    const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight } = view
    const deltaY = (lastTop.get(view) ?? 0) - scrollTop
    lastTop.set(view, scrollTop)
    trigger(view, 'scroll', { scrollTop, scrollLeft, scrollHeight, scrollWidth, deltaX: 0, deltaY })
    if (deltaY < 0 && scrollHeight - scrollTop - clientHeight < LOWER_THRESHOLD_PX)
      trigger(view, 'scrolltolower', { direction: 'bottom' })
  }
  const listeners: [string, (event: Event) => void][] = [
    ['input', onText('input')],
    ['focus', onText('focus')],
    ['blur', onText('blur')],
    ['keydown', onKey],
    ['scroll', onScroll],
  ]
  for (const [type, listener] of listeners) stage.addEventListener(type, listener, true)

  const observer = new MutationObserver((changes) => {
    for (const { type, target, attributeName, addedNodes } of changes) {
      if (type === 'attributes') applyAttribute(target as Linked, attributeName ?? '')
      else for (const node of Array.from(addedNodes)) applyAll(node)
    }
  })
  observer.observe(stage, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ATTRIBUTES,
  })
  return () => {
    observer.disconnect()
    for (const [type, listener] of listeners) stage.removeEventListener(type, listener, true)
  }
}

function applyAll(node: Node): void {
  if (node.nodeType !== 1) return
  const root = node as Element
  for (const element of [
    root,
    ...Array.from(root.querySelectorAll('textarea, rich-text, scroll-view, image')),
  ])
    for (const name of ATTRIBUTES) if (element.hasAttribute(name)) applyAttribute(element, name)
}

function applyAttribute(element: Linked, name: string): void {
  const value = element.getAttribute(name) ?? ''
  const kind = `${element.tagName.toLowerCase()}.${name}`
  if (kind === 'input.value' || kind === 'textarea.value')
    (element as HTMLInputElement & Linked).value = value
  else if (kind === 'scroll-view.scroll-top') element.scrollTop = Number(value)
  // The framework writes ids as `<component>--<id>`.
  else if (kind === 'scroll-view.scroll-into-view' && value)
    element.querySelector(`[id="${value}"], [id$="--${value}"]`)?.scrollIntoView({ block: 'start' })
  else if (kind === 'image.src' && value) loadImage(element, value)
  // The attribute's text is "[object Object]"; the value itself is with the framework's node.
  else if (kind === 'rich-text.nodes') renderRichText(element, element.__wxElement?.getAttribute('nodes'))
}

/** Where the DOM loads images, which happy-dom does not. */
function loadImage(element: Linked, src: string): void {
  const loader = document.createElement('img')
  loader.onload = () => {
    const { naturalWidth: width, naturalHeight: height } = loader
    if (element.getAttribute('mode') === 'widthFix' && element instanceof HTMLElement)
      element.style.height = `${(element.clientWidth * height) / width}px`
    trigger(element, 'load', { width, height })
  }
  loader.src = src
}

function trigger(element: Linked, type: string, detail: object): void {
  if (element.__wxElement)
    glassEasel.Event.triggerEvent(element.__wxElement, type, detail, { bubbles: false })
}
