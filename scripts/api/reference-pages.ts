import ts from 'typescript'
import { componentPage } from './component-page.js'
import { referenceOf } from './reference-of.js'
import { referencePage } from './reference-page.js'
import { referenceWords } from './reference-words.js'
import type { ComponentTypes } from './web-types-of.js'

const FOLDERS = { en: 'docs/api', zh: 'docs/zh/api' } as const

/** Pages by path, and what has no comment and needs one. */
export interface ReferencePages {
  readonly pages: ReadonlyMap<string, string>
  readonly silent: readonly string[]
}

/**
 * The reference in both languages, a page for each entry and component.
 * @param entries type files by the entry's name in package.json: `./server/redis`
 */
export function referencePages(
  program: ts.Program,
  entries: ReadonlyMap<string, string>,
  components: ReadonlyMap<string, ComponentTypes>,
): ReferencePages {
  const pages = new Map<string, string>()
  const silent: string[] = []

  for (const [entry, types] of entries) {
    const module = `uni-sse-channel${entry.slice(1)}`
    const all = referenceOf(program, types, 'lib')
    for (const each of all)
      if (each.isExported && each.text === '') silent.push(`${each.name} of ${module}`)
    const file = `${entry === '.' ? 'main' : entry.slice(2).replace(/\//g, '-')}.md`
    for (const language of ['en', 'zh'] as const) {
      const folder = FOLDERS[language]
      pages.set(`${folder}/${file}`, referencePage(module, all, referenceWords[language], folder))
    }
  }

  for (const [tag, component] of components) {
    for (const each of [...component.props, ...component.js.events])
      if (each.description === undefined) silent.push(`${each.name} of <${tag}>`)
    for (const language of ['en', 'zh'] as const) {
      const folder = FOLDERS[language]
      pages.set(`${folder}/${tag}.md`, componentPage(tag, component, referenceWords[language], folder))
    }
  }
  return { pages, silent }
}
