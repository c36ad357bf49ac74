import hljs from 'highlight.js/lib/core'
import type { LanguageFn } from 'highlight.js'
import type { App } from 'vue'
import { codeColoursKey, type CodeColours, type ColourLine } from '../composables/code-colours.js'
import { languageAmong } from './language-names.js'
import { readLines } from './line-reader.js'

type LanguageModule = LanguageFn | { readonly default: LanguageFn }

/** Gives a grammar of highlight.js, at the first code block that needs it. */
export type LanguageLoader = () => LanguageModule | Promise<LanguageModule>

/** What `createHighlighter()` gives: a Vue plugin. */
export interface Highlighter extends CodeColours {
  install(app: App): void
}

/** Longer lines stay plain: a grammar may take long over a line without end. */
const MAX_LINE = 2000

/**
 * A Vue plugin that colours the code of every `<streaming-text>`, line by line as lines end. A language is
 * loaded when its first block comes; lines that were shown before it arrived stay plain.
 * @param languages by a name that stands behind the fence, in lower case; other names of the same language find it, too
 * @example app.use(createHighlighter({ ts: () => import('highlight.js/lib/languages/typescript') }))
 */
export function createHighlighter(languages: Readonly<Record<string, LanguageLoader>>): Highlighter {
  const instance = hljs.newInstance()
  const loading = new Map<string, 'loading' | 'failed'>()

  const isReady = (name: string) => instance.getLanguage(name) !== undefined

  function register(name: string, found: LanguageModule) {
    instance.registerLanguage(name, typeof found === 'function' ? found : found.default)
    loading.delete(name)
  }

  function load(name: string) {
    const loader = languages[name]
    if (!loader || isReady(name) || loading.has(name)) return
    const found = loader()
    if (!('then' in found)) return register(name, found)
    loading.set(name, 'loading')
    found.then(
      (module) => register(name, module),
      () => loading.set(name, 'failed'),
    )
  }

  function start(language: string): ColourLine | undefined {
    const name = languageAmong(languages, language)
    if (name === undefined) return undefined
    load(name)
    // Lines from before the language came are read for their state alone.
    const missed: string[] = []
    let read: ReturnType<typeof readLines> | undefined
    return (line) => {
      if (!isReady(name)) {
        missed.push(line)
        return ''
      }
      if (!read) {
        read = readLines(instance, name)
        for (const one of missed.splice(0)) if (one.length <= MAX_LINE) read(one)
      }
      if (line.length > MAX_LINE) return ''
      return toSpec(read(line), line.length)
    }
  }

  return {
    start,
    install: (app) => void app.provide(codeColoursKey, { start }),
  }
}

/** Without the line's end, and without what is plain behind the last coloured stretch. */
function toSpec(stretches: readonly (readonly [string, number])[], length: number): string {
  let spec = ''
  let at = 0
  let end = 0
  for (const [letter, size] of stretches) {
    const part = Math.min(size, length - at)
    if (part <= 0) break
    spec += `${letter}${part}`
    at += part
    if (letter !== '_') end = spec.length
  }
  return spec.slice(0, end)
}
