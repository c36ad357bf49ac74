import type { HLJSApi } from 'highlight.js'
import { StretchEmitter } from './stretch-emitter.js'

/** A mode that highlight.js has compiled: where its parser stands. */
interface Mode {
  readonly parent?: Mode
  readonly scope?: string
  readonly origin?: Mode
}

interface Result {
  readonly illegal: boolean
  readonly _top?: Mode
  readonly _emitter: StretchEmitter
}

const STATE = 'where the line before ended'

/**
 * Reads code line by line with highlight.js, each line once. Its parser takes no state from outside, but a
 * compiled mode is accepted as a language: so the mode that a line ended in is the next line's language.
 */
export function readLines(hljs: HLJSApi, language: string): (line: string) => StretchEmitter['stretches'] {
  let top: Mode | undefined
  const facts = hljs.getLanguage(language) as unknown as Record<string, unknown>

  return (line) => {
    const state = top && resume(top, facts)
    if (state) hljs.registerLanguage(STATE, () => state as never)
    const scopes = top ? scopesOf(top) : []
    hljs.configure({ __emitter: StretchEmitter.bind(undefined, scopes) } as never)
    // Some modes end at a line's end.
    const code = `${line}\n`
    const result = hljs.highlight(code, {
      language: state ? STATE : language,
      ignoreIllegals: true,
    }) as unknown as Result
    if (result.illegal || !result._top) return []
    if (result._top !== state) top = result._top
    return result._emitter.stretches
  }
}

function resume(
  top: Mode,
  { case_insensitive, classNameAliases, unicodeRegex }: Record<string, unknown>,
): Mode {
  // Not a copy of a copy: an answer has thousands of lines.
  const origin = Object.prototype.hasOwnProperty.call(top, 'origin') && top.origin ? top.origin : top
  return Object.assign(Object.create(origin) as Mode, {
    origin,
    name: STATE,
    aliases: undefined,
    case_insensitive,
    classNameAliases,
    unicodeRegex,
  })
}

function scopesOf(mode: Mode): string[] {
  const scopes: string[] = []
  for (let at: Mode | undefined = mode; at; at = at.parent) if (at.scope) scopes.unshift(at.scope)
  return scopes
}
