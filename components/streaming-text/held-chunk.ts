import { HeldOutline } from './held-outline'
import type { DomOp, DomWriter } from './dom-writer'
import { keepSelection } from './keep-selection'

/** A chunk with more operations is made as they come, since all of it at once would hold up the page. */
const MOST_OPS = 600

/** How near to the screen a chunk is made. */
const NEAR = '1500px 0px'

const chunks = new WeakMap<Element, HeldChunk>()
let watcher: IntersectionObserver | undefined

export const canHold = (): boolean => typeof IntersectionObserver === 'function'

function watchNear(chunk: Element): void {
  // The second margin is for what scrolls inside of the page; where it is not known it does nothing.
  const options: IntersectionObserverInit & { scrollMargin: string } = {
    rootMargin: NEAR,
    scrollMargin: NEAR,
  }
  watcher ??= new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) chunks.get(target)?.make()
  }, options)
  watcher.observe(chunk)
}

/**
 * A chunk far from the screen: its text, headings as such, so that it is found, copied and read out; its other elements
 * once it comes near.
 */
export class HeldChunk {
  private ops: DomOp[] = []
  private readonly outline: HeldOutline

  constructor(
    private readonly chunk: HTMLElement,
    width: number,
    private readonly newWriter: () => DomWriter,
  ) {
    this.outline = new HeldOutline(chunk, width)
    chunk.classList.add('st-chunk--held')
    chunks.set(chunk, this)
    watchNear(chunk)
  }

  get isFull(): boolean {
    return this.ops.length >= MOST_OPS
  }

  add(op: DomOp): void {
    this.ops.push(op)
    this.outline.add(op)
  }

  /** Puts the text that came into the chunk. */
  show(): void {
    this.outline.show()
  }

  /** Whether it has the note, or the mark of the note. */
  hasNote(label: string): boolean {
    return this.ops.some(
      (op) =>
        (op.op === 'block' && op.path.some(({ note }) => note === label)) ||
        (op.op === 'run' && op.look.link?.href === `#note-${label}`),
    )
  }

  /** Makes its elements, in the place of its text. */
  make(writer = this.newWriter()): void {
    const { chunk, ops } = this
    if (!chunks.delete(chunk)) return
    watcher?.unobserve(chunk)
    this.ops = []
    keepSelection(chunk, () => {
      chunk.textContent = ''
      for (const op of ops) writer.write(op, chunk)
    })
    chunk.classList.remove('st-chunk--held')
  }
}

/** Makes the chunks inside of an element that are wanted, all without a second argument. */
export function makeHeld(
  within: ParentNode,
  isWanted: (chunk: Element, held: HeldChunk) => boolean = () => true,
): void {
  for (const chunk of Array.from(within.querySelectorAll('.st-chunk--held'))) {
    const held = chunks.get(chunk)
    if (held && isWanted(chunk, held)) held.make()
  }
}
