import { createMarkdown } from '../../src/markdown/create-markdown.js'
import type { Op } from '../../src/markdown/markdown-types.js'
import type { MarkdownOptions } from '../../src/markdown/settings.js'
import { htmlOf } from './html-of.js'

/** `text` cut after every `size` characters. */
export function cutEvery(text: string, size: number): string[] {
  const parts: string[] = []
  for (let at = 0; at < text.length; at += size) parts.push(text.slice(at, at + size))
  return parts
}

/** The operations of each push, and of the end as the last element. */
export function streamed(parts: readonly string[], options: MarkdownOptions = {}): Op[][] {
  const markdown = createMarkdown(options)
  const steps = parts.map((part) => markdown.push(part))
  return [...steps, markdown.end()]
}

/** Operations with text that follows text joined: the form in which two results can be compared. */
export function joined(ops: readonly Op[]): Op[] {
  const out: Op[] = []
  for (const op of ops) {
    const last = out[out.length - 1]
    if (op.op === 'text' && last?.op === 'text')
      out[out.length - 1] = { op: 'text', text: last.text + op.text }
    else out.push(op)
  }
  return out
}

export const html = (text: string, options: MarkdownOptions = {}) => htmlOf(streamed([text], options).flat())
