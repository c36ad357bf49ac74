import type katex from 'katex'
import type { App } from 'vue'
import { formulasKey, type Formula, type Formulas } from '../composables/formulas.js'
import { createFormulaOps, type Typesetter } from './formula-ops.js'
import { formulaText, richNode } from './formula-text.js'
import { REFUSED, toFormula } from './formula-tree.js'
import type { RenderTree } from './katex-tree.js'

/** The module `katex`, however it was imported. */
export type KatexModule = typeof katex | { readonly default: typeof katex }

/** Gives KaTeX, at the first formula. */
export type KatexLoader = () => KatexModule | Promise<KatexModule>

/** What `createMath()` takes besides KaTeX. */
export interface MathOptions {
  /**
   * `katex` (default): KaTeX's fonts, which `uni-sse-channel/math.css` brings. `system`: those of the device;
   * large brackets, signs of sums and special alphabets are then drawn with what it has.
   */
  readonly fonts?: 'katex' | 'system'
}

/** What `createMath()` gives: a Vue plugin. */
export interface MathPlugin extends Formulas, Typesetter {
  install(app: App): void
}

/** Longest source, in characters, and most parts of a formula: what is more is shown as source. */
const MAX_SOURCE = 2000
const MAX_NODES = 3000

/** An answer is shown again and again while a reader scrolls through a conversation. */
const MAX_KEPT = 300

/** How long text behind a formula may wait for KaTeX to arrive, in milliseconds. */
const WAIT_MS = 3000

/** Commands that define others: one formula has no use for them, and a short one could make endless work. */
const definitions: ReadonlySet<string> = new Set(
  'def gdef edef xdef let futurelet global long newcommand renewcommand providecommand'.split(' '),
)

/** Not by KaTeX's own macros, with which it defines for itself: `\tag` does. */
const isDefining = (source: string) =>
  (source.match(/\\([A-Za-z@]+|[^])/g) ?? []).some((command) => definitions.has(command.slice(1)))

/**
 * A Vue plugin that typesets the formulas of every `<streaming-text>` with KaTeX, each once, when it is
 * complete. Formulas that KaTeX refuses, or that link, load or define anything, are shown as their source.
 * @example app.use(createMath(() => import('katex')))
 */
export function createMath(load: KatexLoader, { fonts = 'katex' }: MathOptions = {}): MathPlugin {
  const kept = new Map<string, Formula | undefined>()
  let render: RenderTree | undefined
  let state: 'unasked' | 'worth waiting' | 'late' | 'ready' | 'failed' = 'unasked'
  let arrival: Promise<void> | undefined

  function arrive(found: KatexModule) {
    const module = 'default' in found ? found.default : found
    render = (module as unknown as { __renderToHTMLTree: RenderTree }).__renderToHTMLTree
    state = 'ready'
  }

  function prepare(): Promise<void> | undefined {
    if (state === 'worth waiting') return arrival
    if (state !== 'unasked') return undefined
    let found: ReturnType<KatexLoader>
    try {
      found = load()
    } catch {
      state = 'failed'
      return undefined
    }
    if (!('then' in found)) {
      arrive(found)
      return undefined
    }
    state = 'worth waiting'
    const loaded = found.then(arrive, () => {
      state = 'failed'
    })
    arrival = new Promise((resolve) => {
      const timer = setTimeout(() => {
        state = 'late'
        resolve()
      }, WAIT_MS)
      void loaded.then(() => {
        clearTimeout(timer)
        resolve()
      })
    })
    return arrival
  }

  function typeset(draw: RenderTree, source: string, display: boolean): Formula | undefined {
    const refuse = () => {
      throw new Error('a formula neither links nor loads')
    }
    try {
      const tree = draw(source, {
        displayMode: display,
        output: 'html',
        throwOnError: true,
        errorColor: REFUSED,
        strict: 'ignore',
        trust: refuse,
        maxSize: 10,
        maxExpand: 500,
      })
      const parts = toFormula(tree, display, { fonts, maxNodes: MAX_NODES })
      return { parts, toText: () => formulaText(parts), toRich: () => richNode(parts) }
    } catch {
      // A ParseError, a stack that ran out, or a tree of another KaTeX.
      return undefined
    }
  }

  function renderFormula(source: string, display: boolean): Formula | undefined {
    if (!render || source.length > MAX_SOURCE || isDefining(source)) return undefined
    const key = (display ? 'D' : 'I') + source
    if (kept.has(key)) return kept.get(key)
    const formula = typeset(render, source, display)
    if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value as string)
    kept.set(key, formula)
    return formula
  }

  const own: Typesetter = { maxSource: MAX_SOURCE, prepare, render: renderFormula }
  const formulas: Formulas = { typesetter: (resume) => createFormulaOps(own, resume) }
  return { ...own, ...formulas, install: (app) => void app.provide(formulasKey, formulas) }
}
