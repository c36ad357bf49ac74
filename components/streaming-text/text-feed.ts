import { createMarkdown, Flattener, type FlatOp, type MarkdownOptions } from 'uni-sse-channel/markdown'

/** One growing text as flat operations: what it answered once, it never answers again. */
export interface TextFeed {
  /** How many characters were taken. */
  readonly taken: number
  /** Whether `text` only adds to what was taken; otherwise a new feed must start over. */
  continues(text: string): boolean
  /** Takes the whole text so far. */
  take(text: string): FlatOp[]
  /** How many characters are shown, or never will be. */
  readonly shown: number
  /** The text pauses: gives out words that waited for their end. */
  pause(): FlatOp[]
  /** Gives out what waited long, as what it most likely is. */
  hurry(): FlatOp[]
  /** The text is complete. */
  end(): FlatOp[]
}

/** @param markdown how it is read; `undefined`: not at all */
export function createTextFeed(markdown: MarkdownOptions | undefined): TextFeed {
  const read = markdown ? markdownReader(markdown) : plainReader()
  let taken = ''
  let state: 'open' | 'ended' = 'open'

  return {
    get taken() {
      return taken.length
    },
    continues: (text) => (state === 'open' ? text.startsWith(taken) : text === taken),
    take(text) {
      const added = text.slice(taken.length)
      taken = text
      return added ? read.push(added) : []
    },
    get shown() {
      return taken.length - read.held()
    },
    pause: () => (state === 'open' ? read.pause() : []),
    hurry: () => (state === 'open' ? read.hurry() : []),
    end() {
      if (state === 'ended') return []
      state = 'ended'
      return read.end()
    },
  }
}

interface Reader {
  push(text: string): FlatOp[]
  held(): number
  pause(): FlatOp[]
  hurry(): FlatOp[]
  end(): FlatOp[]
}

function markdownReader(options: MarkdownOptions): Reader {
  const engine = createMarkdown(options)
  const flat = new Flattener()
  return {
    push: (text) => flat.apply(engine.push(text)),
    held: () => engine.held,
    pause: () => (engine.held ? flat.apply(engine.settle('words')) : []),
    hurry: () => flat.apply(engine.settle('likely')),
    end: () => flat.apply(engine.end()),
  }
}

/** One paragraph, which views show with its white space. */
function plainReader(): Reader {
  let state: 'empty' | 'open' = 'empty'
  return {
    push(text) {
      const ops: FlatOp[] = [{ op: 'text', text }]
      if (state === 'empty')
        ops.unshift(
          { op: 'block', key: 0, block: { type: 'paragraph' }, gap: false, path: [], starts: 0 },
          { op: 'run', look: { kind: 'text', style: 0 } },
        )
      state = 'open'
      return ops
    },
    held: () => 0,
    pause: () => [],
    hurry: () => [],
    end: () => (state === 'open' ? [{ op: 'done', key: 0 }] : []),
  }
}
