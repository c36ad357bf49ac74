import { makeHeld } from './held-chunk'

/** Moves the reader from a footnote's mark to its note, or back; false where `link` is no such mark or there is no note. */
export function jump(link: Element): boolean {
  const [, to, label] = /^#(note|back)-(.+)$/.exec(link.getAttribute('data-to') ?? '') ?? []
  const answer = link.closest('.streaming-text') ?? link.closest('.st-host')
  if (!to || !label || !answer) return false
  makeHeld(answer, (_chunk, held) => held.hasNote(label))
  const wanted = to === 'note' ? '.st-item[data-note]' : '.st-link[data-to]'
  const found = Array.from(answer.querySelectorAll<HTMLElement>(wanted)).find(({ dataset }) =>
    to === 'note' ? dataset['note'] === label : dataset['to'] === `#note-${label}`,
  )
  if (!found) return false
  found.scrollIntoView({ block: 'center' })
  found.focus({ preventScroll: true })
  return true
}
