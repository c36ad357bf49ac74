import { existsSync } from 'node:fs'
import { dirname, resolve, relative } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'

/**
 * Links that leave `docs` lead to files of the repository: the site has no such pages, so there they lead to where the
 * repository is published.
 */
export function outsideLinks(md: MarkdownRenderer, docs: string, repository: string): void {
  const root = resolve(docs, '..')
  md.core.ruler.push('outside-links', ({ tokens, env }) => {
    const { path } = env as { readonly path: string }
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null
      if (href === null || /^(?:[a-z]+:|#|\/)/i.test(href)) continue
      const [file = '', hash] = href.split('#')
      const target = resolve(dirname(path), file)
      if (!relative(docs, target).startsWith('..') || !existsSync(target)) continue
      const address = `${repository}/blob/main/${relative(root, target)}`
      token.attrSet('href', hash === undefined ? address : `${address}#${hash}`)
    }
  })
}
