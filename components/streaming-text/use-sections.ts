import { codeColoursKey, diagramsKey, formulasKey } from 'uni-sse-channel'
import { computed, inject, nextTick, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue'
import { createLineColours } from './colour-lines'
import { SectionList } from './section-list'
import type { OwnSlot, Section } from './section'
import { createTextFeed } from './text-feed'
import type { LeafContent, MarkdownOptions } from 'uni-sse-channel/markdown'

/** Views are updated this often at most, in milliseconds: every update of a mini-program costs a `setData`. */
const FLUSH_MS = 50

/** Of a text that comes at once, this many characters are read and shown together; then others have their turn. */
const SLICE_CHARS = 3000
/** Slices follow each other for so long, in milliseconds: half of a frame, and longer once the start is on the screen. */
const TURN_MS = 8
const LATER_TURN_MS = 24

/** A text that pauses this long, in milliseconds, shows the words that wait for what follows. */
const PAUSE_MS = 600

/** Nothing is withheld longer, in milliseconds, but addresses, tags and formulas. */
const HELD_MS = 900
/** By how much a clock may say that a timer was early, in milliseconds. */
const TIMER_MS = 5

export interface SectionsOptions {
  readonly content: () => string
  /** What text is that does not say so itself. */
  readonly kind: 'answer' | 'reasoning'
  /** How markdown is read; `undefined` shows the text as it is. */
  readonly markdown: () => MarkdownOptions | undefined
  /** More is expected: update at intervals, and leave the end open. */
  readonly isGrowing: () => boolean
  /** The slot in which the app shows a block itself. */
  readonly ownSlot: (block: LeafContent) => OwnSlot | undefined
  /** Something more is shown: as often as the view is updated. */
  readonly shown: () => void
}

export interface Sections {
  readonly sections: ComputedRef<readonly Section[]>
  /** Text of the code block with this key, if it is one of this list's. */
  codeOf(section: Section, key: number): { readonly code: string; readonly language: string } | undefined
  /** What a footnote says so far. */
  noteText(label: string): string
  /** Addresses of the images that are shown. */
  images(): readonly string[]
  close(): void
}

/** A growing text as sections. A text that does not continue what is shown starts over. */
export function useSections({
  content,
  kind,
  markdown,
  isGrowing,
  ownSlot,
  shown,
}: SectionsOptions): Sections {
  const colours = inject(codeColoursKey, undefined)
  const formulas = inject(formulasKey, undefined)
  const diagrams = inject(diagramsKey, undefined)
  const newList = () => {
    const colour = createLineColours(colours)
    const typeset = formulas?.typesetter(() => made.apply([]))
    const drawn = diagrams?.stage(() => made.apply([]))
    const made: SectionList = new SectionList(kind, ownSlot, (ops) => {
      const coloured = colour(ops)
      const set = typeset ? typeset(coloured) : coloured
      return drawn ? drawn(set) : set
    })
    return made
  }
  const list = shallowRef(newList())
  let feed = createTextFeed(markdown())
  let flushedAt = 0
  let flushTimer: ReturnType<typeof setTimeout> | undefined
  let pauseTimer: ReturnType<typeof setTimeout> | undefined
  /** When what is not shown yet came: up to which character, at what time. */
  let came: { readonly upTo: number; readonly atMs: number }[] = []

  function clearTimers() {
    clearTimeout(flushTimer)
    clearTimeout(pauseTimer)
    flushTimer = undefined
  }

  function startOver() {
    came = []
    feed = createTextFeed(markdown())
    list.value = newList()
  }

  /** Reads on for a turn. Returns whether all of it is read. */
  function takeSlices(text: string): boolean {
    const endMs = Date.now() + (feed.taken < SLICE_CHARS ? TURN_MS : LATER_TURN_MS)
    do list.value.apply(feed.take(text.slice(0, feed.taken + SLICE_CHARS)))
    while (feed.taken < text.length && Date.now() < endMs)
    return feed.taken >= text.length
  }

  function flush() {
    clearTimers()
    flushedAt = Date.now()
    const text = content()
    if (!feed.continues(text)) startOver()
    if (!takeSlices(text)) {
      flushTimer = setTimeout(update)
      return
    }
    if (isGrowing()) {
      hurry()
      pauseTimer = setTimeout(pause, PAUSE_MS)
    } else {
      list.value.apply(feed.end())
      list.value.close()
    }
  }

  function pause() {
    list.value.apply(feed.pause())
    // The text stands still: what else waits has its time, too.
    if (came.length && feed.shown < feed.taken) pauseTimer = setTimeout(hurry, HELD_MS - PAUSE_MS + TIMER_MS)
    shown()
  }

  /** Shows what has waited for too long. */
  function hurry() {
    const nowMs = Date.now()
    came.push({ upTo: feed.taken, atMs: nowMs })
    came = came.filter(({ upTo }) => upTo > feed.shown)
    const [oldest] = came
    if (!oldest || nowMs - oldest.atMs < HELD_MS) return
    list.value.apply(feed.hurry())
    came = []
  }

  function update() {
    flush()
    shown()
  }

  function schedule() {
    const wait = flushedAt + FLUSH_MS - Date.now()
    // Mini-programs hand over one prop after the other: a text may come before the status that says more follows.
    if (!isGrowing()) void nextTick(update)
    else if (wait <= 0 || wait > FLUSH_MS) update()
    else flushTimer ??= setTimeout(update, wait)
  }

  watch([content, isGrowing], schedule, { flush: 'sync' })
  // By what they say: a page may make them anew at each render.
  watch(
    () => JSON.stringify(markdown()),
    () => {
      startOver()
      flush()
    },
  )
  if (content() || !isGrowing()) flush()
  onScopeDispose(clearTimers)

  return {
    sections: computed(() => list.value.sections.value),
    codeOf(section, key) {
      if (list.value.sections.value.indexOf(section) < 0) return undefined
      const found = list.value.codes.get(key)
      return found && { code: found.text, language: found.language }
    },
    noteText: (label) => list.value.notes.get(label) ?? '',
    images: () => list.value.images,
    close: () => list.value.close(),
  }
}
