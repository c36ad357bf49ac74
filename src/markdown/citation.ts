import { MORE, NO, type Scan } from './scan.js'

/** What a citation shows, stretch by stretch, and the label of the source that a stretch leads to. */
export interface Citation {
  readonly end: Scan
  readonly parts: readonly (readonly [shown: string, label: string])[]
}

/** The text to show for a citation of the source `label`; `undefined` where it is none. */
export type Cite = (label: string) => string | undefined

// `[1]`, `[1, 2]`, `[1-3]`, `[^1^]`, `[citation:1]`, `[cite: 1, 2]`, `[ref_1]`; `【1】`, `【1†source】`, `【4:0†a.pdf】`.
const whole =
  /^(?:\[(?:\^|citation:\s?|cite:\s?|ref_)?(\d{1,3}(?:\s?[-–,，、]\s?\d{1,3}){0,9})\^?\](?!\()|【(\d{1,3}(?::\d{1,3})?)(?:†[^【】\n]{0,80})?】)/i
const begun = /^(?:\[[\^a-z_]{0,8}:?[\d\s,，、–-]{0,40}\^?\]?|【[\d:]{0,7}(?:†[^【】\n]{0,80})?)$/i

const none: Citation = { end: NO, parts: [] }

/** The citation at `at`. */
export function scanCitation(text: string, at: number, final: boolean, cite: Cite): Citation {
  const rest = text.slice(at, at + 96)
  const found = whole.exec(rest)
  // Before an address it is the text of a link.
  const isUndecided = found ? found[1] && found[0].length === rest.length : begun.test(rest)
  if (isUndecided && !final) return { end: MORE, parts: [] }
  if (!found) return none
  const [source, numbers, label = ''] = found
  const parts: [string, string][] = []
  for (const one of numbers ? numbers.split(/(\D+)/) : [label]) {
    const isLabel = /^\d/.test(one)
    const shown = isLabel ? cite(one) : one
    if (shown === undefined) return none
    parts.push([shown, isLabel ? one : ''])
  }
  const [only] = parts
  const end = at + source.length
  return parts.length === 1 && only
    ? { end, parts: [[`[${only[0]}]`, only[1]]] }
    : { end, parts: [['[', ''], ...parts, [']', '']] }
}
