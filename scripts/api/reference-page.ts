import { commentText } from './comment-text.js'
import type { Described, Member } from './reference-of.js'
import type { ReferenceWords } from './reference-words.js'

const ORDER = ['function', 'class', 'value', 'type'] as const

const fence = (code: string) => `\`\`\`ts\n${code}\n\`\`\``

const indent = (text: string) => text.replace(/^(?=.)/gm, '  ')

/**
 * A page of the reference.
 * @param module what is written behind `from`
 * @param folder where the page stands, below the root
 */
export function referencePage(
  module: string,
  all: readonly Described[],
  words: ReferenceWords,
  folder: string,
): string {
  const member = (each: Member): string => {
    const isShort = !each.code.includes('\n') && each.code.length < 110
    const text = commentText(each, words, folder)
    if (isShort) return indent(`\`${each.code}\`${text && `\n\n${text}`}`).replace(/^ {2}/, '- ')
    return indent(`\n${fence(each.code)}${text && `\n\n${text}`}`).replace(/^\n {2}/, '- ')
  }

  const entry = (each: Described, level: string): string =>
    [
      `${level} ${each.name}`,
      each.code && fence(each.code),
      commentText(each, words, folder),
      each.members.map(member).join('\n'),
    ]
      .filter((part) => part !== '')
      .join('\n\n')

  const exported = all.filter(({ isExported }) => isExported)
  const others = all.filter(({ isExported }) => !isExported)
  const sections = ORDER.flatMap((kind) => {
    const entries = exported.filter((each) => each.kind === kind)
    return entries.length === 0
      ? []
      : [`## ${words.kinds[kind]}`, ...entries.map((each) => entry(each, '###'))]
  })
  const below =
    others.length === 0
      ? []
      : [`## ${words.others}`, words.othersIntro, ...others.map((each) => entry(each, '###'))]
  return `${[`# ${module}`, words.intro(module), ...sections, ...below].join('\n\n')}\n`
}
