/** A fence of code behind text. */
export interface CodeFence {
  readonly size: number
  readonly info: string
}

const fence = /^(`{3,})[ \t]*([a-z][\w+#.:/-]{0,40})?[ \t]*$/i

/** Whether `text`, with which a line ends so far, is or may become a fence behind the text of that line. */
export const mayBeFence = (text: string) => fence.test(text)

/**
 * The fence of code that a line ends with behind its text, `before` being its last character: models write `The code: ```js`
 * and the code below. One without a language needs a colon before it, as it may be told of.
 */
export function gluedFence(before: string, text: string): CodeFence | undefined {
  const found = fence.exec(text)
  if (!found || !before || before === '\n') return undefined
  const [, ticks = '', info = ''] = found
  return info || '：:'.indexOf(before) >= 0 ? { size: ticks.length, info } : undefined
}
