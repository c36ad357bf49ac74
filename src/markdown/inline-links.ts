import { withHtml } from '../core/built-for.js'
import { bytesAddress } from './base64-run.js'
import { unescape } from './entity.js'
import { putHtml } from './html-subset.js'
import { signed, type InlineText } from './inline-text.js'
import { normalizeLabel, scanLabel, scanLinkTail } from './link-syntax.js'
import { scanAngleLink, scanHtml } from './raw-html.js'
import { beginsReasoningTag, reasoningTag } from './reasoning-tag.js'
import { safeUrl } from './safe-url.js'
import { MORE, NO, type Scan } from './scan.js'

/** Reads a `]`: with what follows it may make a link or image of the innermost bracket. */
export function readBracketEnd(input: InlineText, at: number, final: boolean): Scan {
  const { queue, source } = input
  input.take(at)
  queue.expire()
  const { bracket } = queue
  if (!bracket) return at + 1
  if (bracket.live) {
    if (input.ends(at + 1, final)) return input.wait(at)
    const end = source.charCodeAt(at + 1) === 40 ? inlineLink(input, at, final) : NO
    if (end) return end
    const known = input.settings.references.size > 0
    const found = known ? referenceLink(input, at, bracket.at - input.base, final) : NO
    if (found) return found
  }
  queue.dropBracket()
  return (input.position = at + 1)
}

function inlineLink(input: InlineText, at: number, final: boolean): Scan {
  // Words in brackets after words in brackets: no address, so nothing waits for its end.
  const prose = /^\([^\s<:/#.)]*[，。；！？、]/
  if (input.settings.has.cjk && prose.test(input.source.slice(at + 1, at + 1 + input.settings.limits.target)))
    return NO
  const tail = scanLinkTail(input.source, at + 1, final)
  const isAddress = /^\(\s*<?https?:\/\//i.test(input.source.slice(at + 1, at + 16))
  const end = input.within(at, tail.end, isAddress ? signed : 1)
  // Bytes are never shown as text: what is cut short or broken leaves its alternative text.
  const bytes = end === NO ? bytesAddress(input.source.slice(at + 2)) : undefined
  if (bytes !== undefined && /,/.test(bytes)) {
    finishLink(input, undefined, '')
    const after = at + 2 + bytes.length
    return (input.position = input.source.charAt(after) === ')' ? after + 1 : after)
  }
  if (end <= 0) return end
  const { entities, schemes } = input.settings
  const isImage = !!input.queue.bracket && input.queue.bracket.image
  finishLink(input, safeUrl(unescape(tail.href, entities), schemes, isImage), unescape(tail.title, entities))
  return (input.position = end)
}

function referenceLink(input: InlineText, at: number, open: number, final: boolean): Scan {
  const { source } = input
  const { references } = input.settings
  let label = source.slice(open, at)
  let end = at + 1
  if (source.charAt(end) === '[') {
    if (input.ends(end + 1, final)) return input.wait(at)
    const full = source.charAt(end + 1) === ']' ? NO : scanLabel(source, end, final)
    if (full === MORE) return MORE
    if (full > 0) label = source.slice(end + 1, full - 1)
    end = full > 0 ? full : source.charAt(end + 1) === ']' ? end + 2 : end
  }
  if (scanLabel(`[${label}]`, 0, true) !== label.length + 2) return NO
  const key = normalizeLabel(label)
  if (!references.has(key)) return NO
  const target = references.get(key)
  finishLink(input, target && target.href, target ? target.title : '')
  return (input.position = end)
}

function finishLink(input: InlineText, href: string | undefined, title: string): void {
  const { queue } = input
  if (queue.bracket && queue.bracket.image) queue.closeImage(href, title)
  else queue.closeLink(href === undefined ? undefined : { type: 'link', href, title })
}

/** Reads a `<`: an address in angle brackets, or raw HTML. */
export function readAngle(input: InlineText, at: number, final: boolean): Scan {
  const { source, queue } = input
  const { has } = input.settings
  if (has.reasoning) {
    const rest = source.slice(at, at + 220)
    const found = reasoningTag(rest)
    const isUndecided = !final && !found && beginsReasoningTag(rest)
    if (found || isUndecided) return input.put(at, found ? at + found.tag.length : MORE, () => undefined)
  }
  const link = scanAngleLink(source, at, final)
  const isAddress = /^<https?:\/\//i.test(source.slice(at, at + 9))
  const linked = input.within(at, link.end, isAddress ? signed : 1)
  if (linked) {
    const href = linked > 0 ? safeUrl(link.href, input.settings.schemes) : undefined
    const text = source.slice(at + 1, linked - 1)
    return input.put(at, linked, () => {
      if (href === undefined && /^data:/i.test(text)) return
      if (href === undefined) queue.text(`<${text}>`)
      else queue.marked({ type: 'link', href, title: '' }, text)
    })
  }
  if (!withHtml) return at + 1
  const end = input.within(at, scanHtml(source, at, final))
  const text = source.slice(at, end)
  return input.put(at, end, () => {
    if (!has.html || !putHtml(input, text, at)) queue.atom({ op: 'html', text }, text)
  })
}
