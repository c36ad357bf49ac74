import { h, type VNode } from 'vue'
import type { Segment } from './unit-blocks'

export interface BlockLine {
  readonly class: string
  /** Class of every text in it. */
  readonly run: string
  /** Box of a task, before everything else. */
  readonly task?: string
  readonly segments: readonly Segment[]
}

/**
 * Words of a block or a cell for App, made without a template: there Vue marks both ends of every `v-for`, and of
 * every `v-if` inside of one, with an empty node, and each of them crosses to the view.
 */
export function blockLine(line: BlockLine, openLink: (href: string) => void): VNode {
  const shown = line.segments.map((segment) => viewOf(segment, line.run, openLink))
  if (line.task) shown.unshift(h('text', { class: 'st-task' }, line.task))
  return h('view', { class: line.class }, shown)
}

function viewOf({ t, c, h: href, s, f }: Segment, run: string, openLink: (href: string) => void): VNode {
  const tapped = href === undefined ? {} : { onClick: () => openLink(href) }
  if (s) return h('image', { class: 'st-image', mode: 'widthFix', src: s, 'aria-label': t })
  if (f) return h('rich-text', { class: c, nodes: f, role: 'math', 'aria-label': t, ...tapped })
  const looks = [run, c].filter(Boolean).join(' ')
  return h('text', { ...(looks && { class: looks }), ...tapped }, t)
}
