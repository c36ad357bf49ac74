import type { MarkdownRenderer } from 'vitepress'
import { pages } from './contents.js'

const paths = new Set(pages.filter(({ only }) => only === 'en').map(({ path }) => `${path}.md`))

const NOTE =
  '<div class="info custom-block"><p lang="zh-CN">本页只有英文。<a href="zh/start.html">中文从这里开始</a>。</p></div>\n'

/** A page that has no Chinese twin says so below its title. */
export function englishOnly(md: MarkdownRenderer): void {
  md.core.ruler.push('english-only', (state) => {
    const { relativePath } = state.env as { readonly relativePath: string }
    if (!paths.has(relativePath)) return
    const title = state.tokens.findIndex(({ type }) => type === 'heading_close')
    const note = new state.Token('html_block', '', 0)
    note.content = NOTE
    state.tokens.splice(title + 1, 0, note)
  })
}
