import { withFormulas, withHtml } from '../core/built-for.js'
import type { Cite } from './citation.js'
import { commonEntities, type EntityNames } from './entity.js'
import { defaultLimits, type Limits } from './limits.js'
import type { Reference } from './markdown-types.js'
import { normalizeLabel } from './link-syntax.js'
import { defaultSchemes, safeUrl } from './safe-url.js'

/**
 * What is understood beyond CommonMark.
 *
 * - `table`, `task`, `strikethrough`, `autolink`: GitHub's. One tilde between letters is no deletion.
 * - `math`: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`, a code block with `math` as its language.
 * - `reasoning`: `<think>…</think>` from the start of a line is a block of its own; so are `<thinking>`,
 *   `<thought>`, `<reason>`, `<reasoning>`, `<seed:think>`, `[THINK]`, `◁think▷` and others, in any case, and any of
 *   their ends ends it.
 * - `cjk`: emphasis next to Chinese, Japanese and Korean characters needs no spaces.
 * - `definition`: link definitions are shown where they stand, and are none where their target is no address.
 * - `footnote`: `[^a]` stands above the line as a link to `#note-a`, and `[^a]: …` is an item of a list.
 * - `code`: a fence may stand behind text at the end of a line, and Chinese text behind the fence that ends it; bars in the
 *   code of a table's row are code where the row would have too many cells.
 * - `html`: a safe subset of HTML is understood, and never put into a page: marks, links, images, breaks,
 *   headings, `<details>`, tables; comments are left out. Everything else is text.
 */
export type Extension =
  | 'table'
  | 'task'
  | 'strikethrough'
  | 'autolink'
  | 'math'
  | 'reasoning'
  | 'cjk'
  | 'definition'
  | 'footnote'
  | 'code'
  | 'html'

const allExtensions: readonly Extension[] = [
  'table',
  'task',
  'strikethrough',
  'autolink',
  'math',
  'reasoning',
  'cjk',
  'definition',
  'footnote',
  'code',
  'html',
]

/** What the engine reads as markdown, and its limits. */
export interface MarkdownOptions {
  /** Default: all. An empty list is plain CommonMark. */
  readonly extensions?: readonly Extension[]
  /**
   * Schemes that become links and images, in lower case. Default `http`, `https`, `mailto`, `tel`. Relative
   * addresses always do; `javascript`, `data`, `vbscript`, `file` and `blob` never.
   */
  readonly schemes?: readonly string[]
  /**
   * Link targets known before the text, by label: `[1]` becomes a link at once. They win over definitions
   * in the text, and pass the same address check.
   */
  readonly references?: Readonly<Record<string, { readonly href: string; readonly title?: string }>>
  /**
   * Makes a link of a citation such as `[1]` or `【1†source】`, with the address `#cite-` and its label: answers with the text
   * to show, or `undefined` where the label is none. Default: citations are text.
   */
  readonly cite?: Cite
  /** Named character references. Default: HTML 4's 252 names and `apos`. */
  readonly entities?: EntityNames
  /** The text begins inside of a reasoning section whose opening tag the server left out. Default false. */
  readonly startsInReasoning?: boolean
  /** How much undecided syntax may hold back, in characters. */
  readonly limits?: Partial<Limits>
}

/** How much of what waits is shown: see `Markdown.settle`. */
export type Settling = 'words' | 'likely' | 'all'

/** Options with their defaults, and the references met so far. */
export interface Settings {
  readonly has: Readonly<Record<Extension, boolean>>
  readonly schemes: readonly string[]
  readonly entities: EntityNames
  readonly limits: Limits
  readonly startsInReasoning: boolean
  readonly references: Map<string, Reference | undefined>
  readonly cite: Cite | undefined
}

export function createSettings(options: MarkdownOptions): Settings {
  const extensions = options.extensions || allExtensions
  const has = {} as Record<Extension, boolean>
  for (const name of allExtensions)
    has[name] =
      extensions.indexOf(name) >= 0 && (name === 'html' ? withHtml : name === 'math' ? withFormulas : true)
  const schemes = options.schemes || defaultSchemes
  const references = new Map<string, Reference | undefined>()
  const given = options.references || {}
  for (const label of Object.keys(given)) {
    const { href, title = '' } = given[label] as { href: string; title?: string }
    const safe = safeUrl(href, schemes)
    references.set(normalizeLabel(label), safe === undefined ? undefined : { href: safe, title })
  }
  const limits = { ...defaultLimits, ...options.limits }
  const { entities = commonEntities, startsInReasoning = false } = options
  return { has, schemes, entities, limits, startsInReasoning, references, cite: options.cite }
}
