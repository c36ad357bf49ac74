import { ChannelError } from '../../core/channel-error.js'
import { unfinishedMatch } from './unfinished-match.js'

/** Where something is that must not be said: from `start` to before `end`. */
export interface Match {
  readonly start: number
  readonly end: number
  /** Default: that of the filter. */
  readonly replacement?: string
}

/** Finds what must not be said. Called with every text, so it must not remember anything. */
export type FindMatches = (text: string) => Iterable<Match>

/** What `contentFilter()` takes. */
export interface ContentFilterOptions {
  /** Default `***`. */
  readonly replacement?: string
  /**
   * How many characters of a streamed text may be held back until what follows is known: what is longer than this may
   * get through in pieces. Of patterns only what could still become a match is held; of a function, or of patterns that
   * look around or back, always as many. Default 256 for patterns, 64 for a function.
   */
  readonly holdChars?: number
}

/** Takes out of texts what must not be said, before they are stored: a replay is what was live. */
export interface ContentFilter {
  text(text: string): string
  /** One text that comes in pieces. */
  stream(): TextStream
}

/** Text that comes in pieces, filtered on its way. */
export interface TextStream {
  /** @returns what can be said by now; it may be nothing */
  push(text: string): string
  /** @returns the rest */
  flush(): string
}

/** Beyond it even a match that could go on is cut: it would hold back everything. */
const MAX_HELD = 4_096
/** What a pattern may look back at. */
const CONTEXT = 64

/**
 * Holds text back until it is known that nothing forbidden begins in it, and says what to do where something does.
 * @param forbidden patterns (their flags count, `g` and `y` aside) or a function
 */
export function contentFilter(
  forbidden: readonly RegExp[] | FindMatches,
  options: ContentFilterOptions = {},
): ContentFilter {
  const { replacement = '***', holdChars = typeof forbidden === 'function' ? 64 : 256 } = options
  if (!(holdChars >= 0 && holdChars < MAX_HELD))
    throw new ChannelError('BAD_OPTIONS', `holdChars is a number from 0 to ${MAX_HELD - 1}.`)
  const couldBegin = typeof forbidden === 'function' ? () => 0 : earliest(forbidden)
  const find = typeof forbidden === 'function' ? forbidden : matchAll(forbidden)

  /** In order, none within another. */
  function matchesOf(text: string): Match[] {
    const found = [...find(text)].filter((match) => match.end > match.start)
    found.sort((a, b) => a.start - b.start || b.end - a.end)
    const apart: Match[] = []
    for (const match of found) {
      const last = apart[apart.length - 1]
      if (!last || match.start >= last.end) apart.push(match)
      else if (match.end > last.end) apart[apart.length - 1] = { ...last, end: match.end }
    }
    return apart
  }

  function replace(text: string, matches: readonly Match[]): string {
    let clean = ''
    let at = 0
    for (const { start, end, replacement: own = replacement } of matches) {
      clean += text.slice(at, start) + own
      at = end
    }
    return clean + text.slice(at)
  }

  function stream(): TextStream {
    let before = ''
    let held = ''

    function release(hold: number): string {
      const at = before.length
      // What begins in the part that was said goes on here when it was too long to be held.
      const inHeld = matchesOf(before + held)
        .filter((match) => match.end > at)
        .map((match) => ({ ...match, start: Math.max(0, match.start - at), end: match.end - at }))
      const least = Math.max(0, held.length - hold)
      let cut = hold === 0 ? least : Math.max(least, couldBegin(before + held, at + least) - at)
      for (const { start, end } of inHeld)
        if (start < cut && (end > cut || (hold > 0 && end === held.length)))
          cut = held.length > MAX_HELD ? end : start
      // Half of a surrogate pair is no character, and its other half may yet come.
      if ((cut < held.length || hold > 0) && /[\ud800-\udbff]/.test(held.charAt(cut - 1))) cut--
      const clean = replace(
        held.slice(0, cut),
        inHeld.filter((match) => match.end <= cut),
      )
      before = (before + held.slice(0, cut)).slice(-CONTEXT)
      held = held.slice(cut)
      return clean
    }

    return {
      push(text) {
        held += text
        return release(holdChars)
      },
      flush: () => release(0),
    }
  }

  return { text: (text) => replace(text, matchesOf(text)), stream }
}

function matchAll(patterns: readonly RegExp[]): FindMatches {
  const all = patterns.map(({ source, flags }) => new RegExp(source, `${flags.replace(/[gy]/g, '')}g`))
  return function* find(text) {
    for (const pattern of all)
      for (const match of text.matchAll(pattern))
        yield { start: match.index, end: match.index + match[0].length }
  }
}

/** Where in a text, from a place on, something begins that more text could make a match; its length for nowhere. */
function earliest(patterns: readonly RegExp[]): (text: string, from: number) => number {
  const unfinished = patterns.map(unfinishedMatch)
  return (text, from) => {
    let first = text.length
    for (const pattern of unfinished) {
      if (!pattern) return from
      let at = from
      do {
        pattern.lastIndex = at
        at = pattern.exec(text)?.index ?? text.length
        // Between the halves of a pair V8 takes the end of the text to be, when the pattern has the flag `u`.
      } while (isWithinPair(text, at) && ++at)
      first = Math.min(first, at)
    }
    return first
  }
}

const isWithinPair = (text: string, at: number) =>
  /[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at))
