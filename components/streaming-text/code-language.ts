/** `js{1,3}`, `python title="a.py"`, `sql;linenos`: what follows the language. */
const END = /[\s{},;]/
/** Of a file's name: `src/a.js`, `a.b.ts`. */
const EXTENSION = /\.(\w+)$/

/**
 * The language of a code block, from all that stands behind its fence: `js` of `js`, `js:src/a.js`, `js{1,3}`,
 * `language-js`, `{.js .numberLines}`, `12:20:src/a.js` and `src/a.js`. Empty where none is told.
 */
export function codeLanguage(info: string): string {
  const bare = info.trim().replace(/^\{\s*\.?/, '')
  const end = bare.search(END)
  const word = (end < 0 ? bare : bare.slice(0, end)).replace(/^lang(?:uage)?-/i, '')
  // Coding models write the file, and lines of it, behind the language or in its place.
  const parts = word.split(':').filter((part) => !/^\d+(?:-\d+)?$/.test(part))
  const [first = ''] = parts
  const isFile = first.indexOf('/') >= 0 || (EXTENSION.test(first) && !/\.net$/i.test(first))
  if (!isFile) return first
  const extension = EXTENSION.exec(first)
  return extension?.[1] ?? ''
}
