import type { MarkdownRenderer } from 'vitepress'

/** What stands below the headings of the second level of a page, in their order. */
const FRAMES: Readonly<Record<string, readonly string[]>> = {
  'playground.md': ['pages/playground/playground', 'pages/chat/chat'],
}

const STYLE =
  'width: 100%; height: 680px; border: 1px solid var(--vp-c-divider); border-radius: 12px; background: var(--vp-c-bg)'

/** Shows the demo that `scripts/docs-demo.ts` has built. @param base of the site */
export function demoFrames(md: MarkdownRenderer, base: string): void {
  md.core.ruler.push('demo-frames', (state) => {
    const { relativePath } = state.env as { readonly relativePath: string }
    const frames = FRAMES[relativePath.replace(/^zh\//, '')]
    if (frames === undefined) return
    let next = 0
    state.tokens = state.tokens.flatMap((token, at) => {
      const path = frames[next]
      const isHeading = token.type === 'heading_close' && token.tag === 'h2'
      if (!isHeading || path === undefined) return [token]
      next++
      const title = state.md.utils.escapeHtml(state.tokens[at - 1]?.content ?? '')
      const frame = new state.Token('html_block', '', 0)
      frame.content = `<iframe src="${base}demo/index.html#/${path}" title="${title}" style="${STYLE}" loading="lazy"></iframe>\n`
      return [token, frame]
    })
  })
}
