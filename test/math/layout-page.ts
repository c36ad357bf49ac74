// Bundled for a page: every formula twice, by KaTeX with its style sheet, and from our parts without any.
import katex from 'katex'
import { showFormula } from '../../components/streaming-text/dom-formula.js'
import { createMath } from '../../src/math.js'
import { formulas } from './formulas.js'

const math = createMath(() => katex)
math.prepare()

interface Placed {
  readonly text: string
  readonly box: readonly number[]
}

export interface Compared {
  readonly source: string
  readonly theirs: readonly Placed[]
  readonly ours: readonly Placed[]
}

/** Every character and drawing with its place in the formula, in pixels. */
function places(host: Element): Placed[] {
  const found: Placed[] = []
  const origin = host.getBoundingClientRect()
  const place = (text: string, box: DOMRect) =>
    found.push({ text, box: [box.left - origin.left, box.top - origin.top, box.width, box.height] })
  const walker = document.createTreeWalker(host, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeName === 'svg') place('svg', (node as Element).getBoundingClientRect())
    if (node.nodeType !== Node.TEXT_NODE || node.textContent === '\u200b') continue
    const text = node.textContent ?? ''
    for (let at = 0; at < text.length; at++) {
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + 1)
      place(text.charAt(at), range.getBoundingClientRect())
    }
  }
  return found
}

function compare(source: string, displayMode: boolean): Compared | undefined {
  const formula = math.render(source, displayMode)
  if (!formula) return undefined
  const line = (className: string) => {
    const outer = document.body.appendChild(document.createElement('div'))
    outer.className = className
    return outer.appendChild(document.createElement(displayMode ? 'div' : 'span'))
  }
  const theirs = line('theirs')
  katex.render(source, theirs, { displayMode, output: 'html', strict: 'ignore' })
  const ours = line('ours')
  showFormula(ours, { op: 'formula', look: { kind: 'math', style: 0 }, source, formula })
  return { source, theirs: places(theirs), ours: places(ours) }
}

async function compareAll(): Promise<Compared[]> {
  await Promise.all([...document.fonts].map((font) => font.load()))
  return [false, true].flatMap((display) => formulas.flatMap((source) => compare(source, display) ?? []))
}

Object.assign(window, { compareAll })
