import type { FormulaNode, FormulaShape } from '../composables/formulas.js'
import type { KatexNode } from './katex-tree.js'
import { styleOf, type Place } from './node-style.js'
import { systemFamilies, systemStyle, systemText } from './system-fonts.js'

/** Thrown and caught inside this folder: the formula is shown as its source. */
export class NotTypeset extends Error {}

export interface TreeOptions {
  readonly fonts: 'katex' | 'system'
  /** Formulas of more parts are not typeset. */
  readonly maxNodes: number
}

/** CSS that KaTeX sets on elements. Anything else has no business in a formula. */
const properties: ReadonlySet<string> = new Set(
  (
    'backgroundColor borderBottomWidth borderColor borderRightStyle borderRightWidth borderTopWidth ' +
    'borderStyle borderWidth bottom color height left margin marginLeft marginRight marginTop minWidth ' +
    'paddingLeft position textShadow top width verticalAlign'
  ).split(' '),
)

/** Lengths, colours and keywords: no `url()`, and nothing that could end the declaration. */
const plainValue = /^([-+\w.#%]+( [-+\w.#%]+)*|calc\(100% - -?[\d.]+em\))$/

/** No part is so far off or so large; KaTeX's `maxSize` does not hold for what is negative. In em. */
const MAX_EM = 100

/** What KaTeX would colour a command with that it does not trust: no colour, so the formula is refused. */
export const REFUSED = '(refused)'

const ROOT_INLINE = 'font:normal 1.21em KaTeX_Main,"Times New Roman",serif;line-height:1.2;text-indent:0'
const ROOT_DISPLAY = `${ROOT_INLINE};display:block;position:relative;text-align:center;white-space:nowrap`

/** Elements that lay their children out as boxes: a child must stay one. */
const flex: readonly string[] = ['vbox', 'hbox', 'thinbox']

/**
 * KaTeX's tree as parts with inline styles. Attributes are left behind, an element that links or loads is
 * refused.
 * @throws {NotTypeset}
 */
export function toFormula(tree: KatexNode, display: boolean, options: TreeOptions): FormulaNode {
  let nodes = 0
  const isSystem = options.fonts === 'system'

  function convert(node: KatexNode, parent: Place | undefined): FormulaNode[] {
    if (++nodes > options.maxNodes) throw new NotTypeset()
    const { attributes, children, text } = node
    if (attributes?.['href'] !== undefined || 'src' in node) throw new NotTypeset()
    if (attributes?.['viewBox'] !== undefined || (children && !node.classes && attributes))
      return [{ style: joined(SHAPE, checkedWidth(attributes)), shape: shapeOf(node) }]
    // A fragment stands for its children.
    if (children && !attributes) return merged(children.map((child) => convert(child, parent)))

    const place: Place = { classes: (node.classes ?? []).map(unprefixed), parent }
    const style = joined(
      isSystem ? systemFamilies(styleOf(place)) : styleOf(place),
      isSystem ? systemStyle(place, text ?? '') : '',
      node.italic ? `margin-right:${em(node.italic)}` : '',
      declarations(node.style),
    )
    if (text !== undefined) return [{ style, text: isSystem ? systemText(text, place) : text }]
    const inner = merged((children ?? []).map((child) => convert(child, place)))
    const only = inner.length === 1 ? inner[0] : undefined
    if (only && 'text' in only && !only.style) return [{ style, text: only.text }]
    const isBox = parent?.classes.some((name) => flex.indexOf(name) >= 0)
    return style || isBox ? [{ style, children: inner }] : inner
  }

  const root = display ? ROOT_DISPLAY : ROOT_INLINE
  return { style: isSystem ? systemFamilies(root) : root, children: convert(tree, undefined) }
}

/** Texts without a style that follow one another are one. */
function merged(groups: readonly (readonly FormulaNode[])[]): FormulaNode[] {
  const out: FormulaNode[] = []
  for (const node of groups.flatMap((group) => group)) {
    const last = out[out.length - 1]
    if (last && 'text' in last && 'text' in node && !last.style && !node.style)
      out[out.length - 1] = { style: '', text: last.text + node.text }
    else out.push(node)
  }
  return out
}

/** KaTeX gave its more common class names a prefix in 0.17. */
const unprefixed = (name: string) => (name.startsWith('katex-') ? name.slice(6) : name)

const joined = (...rules: readonly string[]) => rules.filter(Boolean).join(';')

const em = (size: number) => `${Number(size.toFixed(4))}em`

function declarations(style: KatexNode['style']): string {
  const out: string[] = []
  for (const [name, value] of Object.entries(style ?? {})) {
    if (value === undefined || !properties.has(name)) continue
    if (!plainValue.test(value) || Math.abs(parseFloat(value)) > MAX_EM) throw new NotTypeset()
    out.push(`${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}:${value}`)
  }
  return out.join(';')
}

const SHAPE = 'display:block;position:absolute;width:100%;height:inherit'

/** KaTeX says it where a shape is not as wide as what it stands above. */
function checkedWidth(attributes: KatexNode['attributes']): string {
  const { style } = attributes ?? {}
  if (style !== undefined && !/^width:[\d.]+em$/.test(style)) throw new NotTypeset()
  return style ?? ''
}

function shapeOf({ attributes = {}, children = [] }: KatexNode): FormulaShape {
  const checked = (value: string | undefined, form: RegExp) => {
    if (value === undefined || !form.test(value)) throw new NotTypeset()
    return value
  }
  const length = (value: string | undefined) => checked(value, /^[-\d.]+(em|%)?$/)
  return {
    viewBox: checked(attributes['viewBox'] ?? '', /^[-\d. ]*$/),
    aspect: checked(attributes['preserveAspectRatio'] ?? 'none', /^[A-Za-z ]+$/),
    paths: children
      .filter(({ pathName }) => pathName !== undefined)
      .map((path) => {
        // Only printing knows the data of the shapes that KaTeX brings along.
        const [, data] = /^<path d=["']([^"'<>&]*)["']\/>$/.exec(path.toMarkup()) ?? []
        return checked(data, /^[-\d.,\sA-Za-z]+$/).replace(/\s+/g, ' ')
      }),
    lines: children
      .filter(({ pathName }) => pathName === undefined)
      .map(({ attributes: at = {} }) => ({
        x1: length(at['x1']),
        y1: length(at['y1']),
        x2: length(at['x2']),
        y2: length(at['y2']),
        width: length(at['stroke-width']),
      })),
  }
}
