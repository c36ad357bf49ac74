import { commentLinks } from './comment-text.js'
import type { ReferenceWords } from './reference-words.js'
import type { ComponentTypes, Told } from './web-types-of.js'

const code = (text: string) => `\`${text.replace(/\|/g, '\\|')}\``

/** A component's page of the reference. @param folder where the page stands, below the root */
export function componentPage(
  tag: string,
  { props, js, slots }: ComponentTypes,
  words: ReferenceWords,
  folder: string,
): string {
  const prop = (each: ComponentTypes['props'][number]) => {
    const known = each.default ?? (each.required ? words.required : '')
    return `| ${code(each.name)} | ${code(each.value.type)} | ${known && (each.required ? known : code(known))} | ${told(each)} |`
  }
  const event = (each: Told & { readonly type: string }) =>
    `| ${code(each.name)} | ${each.type === '[]' ? '' : code(each.type)} | ${told(each)} |`
  const slot = (each: Told & { readonly props: readonly string[] }) =>
    `| ${code(each.name)} | ${each.props.map(code).join(' ')} |`
  const told = (each: Told) => commentLinks(each.description ?? '', folder).replace(/\|/g, '\\|')

  const table = (title: string, heads: readonly string[], rows: readonly string[]) =>
    rows.length === 0
      ? []
      : [
          `## ${title}`,
          [`| ${heads.join(' | ')} |`, `| ${heads.map(() => '---').join(' | ')} |`, ...rows].join('\n'),
        ]
  return `${[
    `# ${tag}`,
    words.componentIntro(tag),
    ...table(words.props, [words.name, words.type, words.defaultsTo, words.meaning], props.map(prop)),
    ...table(words.events, [words.name, words.type, words.meaning], js.events.map(event)),
    ...table(words.slots, [words.name, words.props], slots.map(slot)),
  ].join('\n\n')}\n`
}
