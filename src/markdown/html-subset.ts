import { unescape } from './entity.js'
import type { InlineText } from './inline-text.js'
import type { Mark } from './markdown-types.js'
import { isAlphanumeric } from './scan.js'
import { safeUrl } from './safe-url.js'

type PlainMark = Exclude<Mark['type'], 'link'>

const marks = new Map<string, PlainMark>([
  ['b', 'strong'],
  ['strong', 'strong'],
  ['i', 'em'],
  ['em', 'em'],
  ['s', 'del'],
  ['del', 'del'],
  ['strike', 'del'],
  ['sub', 'sub'],
  ['sup', 'sup'],
  ['mark', 'mark'],
  ['kbd', 'kbd'],
  ['code', 'code'],
  ['samp', 'code'],
  ['var', 'em'],
  // The reading of a character stands above it.
  ['rt', 'sup'],
])

/**
 * Tags that put what is between them on lines of its own, and do nothing else that is kept. `answer` is no HTML: models
 * that write their reasoning between tags put it around what follows.
 */
export const isFrame = (name: string) =>
  /^(?:p|div|center|blockquote|d[dlt]|section|article|header|footer|main|figure|figcaption|picture|answer)$/.test(
    name,
  )

const isBare = (name: string) =>
  isFrame(name) ||
  /^(?:a|u|ins|span|font|small|big|abbr|ruby|r[bp]|q|cite|dfn|time|wbr|source|details|summary|h[1-6]|table|tbody|thead|tr|t[dh]|[uo]l|li)$/.test(
    name,
  )

/** The name of the tag that `source` is, in lower case, with a `/` in front of a closing one. */
export function tagName(source: string): string {
  const found = /^<(\/?[a-z][a-z0-9]*)/i.exec(source)
  return found ? (found[1] as string).toLowerCase() : ''
}

/** The value of an attribute of the tag that `source` is. */
export function attributeOf(source: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'=<>]+))`, 'i').exec(source)
  return found ? found[1] || found[2] || found[3] || '' : undefined
}

/** Puts what a tag or comment, met at `at`, means; false where it is text. */
export function putHtml(input: InlineText, source: string, at: number): boolean {
  const { queue, settings } = input
  if (source.slice(0, 4) === '<!--') return true
  const name = tagName(source)
  const opened = name.replace('/', '')
  // `Vec<i>` is no mark.
  if (name.length === 1 && isAlphanumeric(input.before(at))) return false
  const type = marks.get(opened)
  if (type) queue.tag(type, name === opened ? { type } : undefined)
  else if (/^h[\dr]$/.test(opened) || isFrame(opened)) queue.line()
  else if (opened === 'br') queue.endLine()
  else if (name === 'li') {
    if (!queue.isEmpty) queue.endLine()
    queue.text('• ')
  } else if (name === '/a') queue.tag('link', undefined)
  else if (name === 'a' || name === 'img') {
    const value = (attribute: string) => unescape(attributeOf(source, attribute) || '', settings.entities)
    const title = value('title')
    const href = safeUrl(value(name === 'a' ? 'href' : 'src'), settings.schemes, name === 'img')
    const alt = value('alt')
    if (name === 'img' && href) queue.atom({ op: 'image', src: href, alt, title }, alt)
    else if (href) queue.tag('link', { type: 'link', href, title })
    else queue.text(alt)
  } else return isBare(opened)
  return true
}
