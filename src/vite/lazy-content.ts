import type { Plugin } from 'vite'

/** The start of the component's tag; an attribute behind it, with its value in quotes if it has one. */
const TAG = /<(?:streaming-text|StreamingText)(?=[\s/>])/g
const ATTRIBUTE = /\s*([^\s"'<>/=]+|\/)(?:\s*=\s*("[^"]*"|'[^']*'))?/y
const BOUND = /^(?::|v-bind:)(?:content|reasoning)$/
/** What is a function already. */
const FUNCTION = /^\s*(?:async\b|function\b|\([\w\s,:]*\)\s*=>|\w+\s*=>)/

/**
 * Hands a growing text to `<streaming-text>` as a getter: `:content="text"` becomes `:content="() => (text)"`.
 * The page then does not render when the text grows, and on mini-programs nothing is sent for it. uni-app tells
 * the view of every render of a page for each component with props in it.
 */
export function lazyContent(): Plugin {
  return {
    name: 'uni-sse-channel:lazy-content',
    enforce: 'pre',
    transform(code, id) {
      const [file = '', query = ''] = id.split('?')
      // A part of a file that was already here as a whole.
      if (!/\.n?vue$/.test(file) || /(^|&)vue(&|$)/.test(query)) return null
      const lazy = withLazyContent(code)
      return lazy === code ? null : { code: lazy, map: null }
    },
  }
}

/** The source of a component with each bound text of a `<streaming-text>` as a getter. */
export function withLazyContent(source: string): string {
  const from = source.indexOf('<template')
  const to = source.lastIndexOf('</template>')
  let out = ''
  let copied = 0
  for (const tag of source.matchAll(TAG)) {
    if (tag.index < from || tag.index > to) continue
    ATTRIBUTE.lastIndex = tag.index + tag[0].length
    for (let found = ATTRIBUTE.exec(source); found; found = ATTRIBUTE.exec(source)) {
      const [, name = '', value = ''] = found
      const expression = value.slice(1, -1)
      if (!BOUND.test(name) || !expression.trim() || FUNCTION.test(expression)) continue
      const start = ATTRIBUTE.lastIndex - value.length + 1
      out += `${source.slice(copied, start)}() => (${expression})`
      copied = ATTRIBUTE.lastIndex - 1
    }
  }
  return out + source.slice(copied)
}
