import { platformLocale } from '../platform/platform-locale.js'

declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** A mistake of whoever writes the app, for the console; nobody else ever reads it. */
export interface Mistake {
  /** Of the error it ends in, or a name of its own. */
  readonly code: string
  readonly what: Words
  /** What to do about it. */
  readonly cure: Words
  readonly url?: string
  /** What the platform or the server said, unchanged. */
  readonly said?: string
}

export interface Words {
  readonly zh: string
  readonly en: string
}

const told = new Set<string>()

/**
 * Tells a mistake on the console, once, in the reader's language. For development alone: whoever calls it asks for
 * `process.env.NODE_ENV` first. Tests of an app are no place for it either.
 */
export function warn(find: () => Mistake | undefined): void {
  if (process.env.NODE_ENV === 'test') return
  const mistake = find()
  if (mistake === undefined) return
  const text = textOf(mistake)
  // One address fails in more than one way of words: at each try, and once more when there is none left.
  const name = mistake.url === undefined ? text : `${mistake.code} ${mistake.url}`
  if (told.has(name)) return
  told.add(name)
  // eslint-disable-next-line no-console -- What this file is for.
  console.warn(text)
}

function textOf({ code, what, cure, url, said }: Mistake): string {
  const isChinese = /^zh/i.test(platformLocale())
  const language = isChinese ? 'zh' : 'en'
  const line = (zh: string, en: string, text: string | undefined) =>
    text ? `\n  ${isChinese ? `${zh}：` : `${en}: `}${text}` : ''
  return (
    `[uni-sse-channel] ${code}${isChinese ? '：' : ': '}${what[language]}` +
    line('地址', 'Address', url) +
    line('原话', 'Said', said) +
    line('怎么办', 'What to do', cure[language])
  )
}
