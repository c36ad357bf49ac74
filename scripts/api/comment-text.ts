import { posix } from 'node:path'
import type { Comment } from './reference-of.js'
import type { ReferenceWords } from './reference-words.js'

/** A path in a comment, `docs/protocol.md#events`, as a link of the page in this folder below the root. */
export function commentLinks(text: string, folder: string): string {
  const linked = text.replace(/(?<![\w/(])docs\/([\w/-]+\.md)(#[\w-]+)?/g, (_all, path: string, anchor = '') => {
    // The Chinese page has headings of its own, and stands in the same place below docs/zh.
    const root = folder.startsWith('docs/zh') ? 'docs/zh' : 'docs'
    const target = posix.relative(folder, `${root}/${path}`)
    return `[${path.replace(/\.md$/, '')}](${target}${root === 'docs' ? anchor : ''})`
  })
  // VitePress would run what stands in two braces.
  return linked.replace(/\{\{/g, '{ {')
}

/** A comment as paragraphs of markdown: its text, then what it says under a tag. */
export function commentText(comment: Comment, words: ReferenceWords, folder: string): string {
  const tagged = comment.tags.flatMap(({ name, text }) => {
    const plain = text.replace(/^\{(\w+)\}:? ?/, (_all, type: string) => (type === 'ChannelError' ? '' : `\`${type}\` `))
    if (name === 'throws') return [`**${words.throws}:** ${plain}`]
    if (name === 'see') return [`**${words.see}:** ${/^https?:/.test(text) ? `<${text}>` : text}`]
    if (name === 'param' || name === 'typeParam') {
      const [, parameter = '', meaning = ''] = /^(\S+)\s+(?:- )?([\s\S]*)$/.exec(text) ?? []
      return [`**${words.parameter}** \`${parameter}\`: ${meaning}`]
    }
    return name === 'example' ? [`**${words.example}**\n\n\`\`\`ts\n${text}\n\`\`\``] : []
  })
  return commentLinks([comment.text, ...tagged].filter((each) => each !== '').join('\n\n'), folder)
}
