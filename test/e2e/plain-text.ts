import { createMarkdown, createRenderList } from '../../src/markdown.js'

/** What a reader sees of a markdown text, without markers of lists; blocks and cells on lines of their own. */
export function plainText(markdown: string): string {
  const engine = createMarkdown()
  const list = createRenderList()
  list.apply([...engine.push(markdown), ...engine.end()])
  return list.blocks
    .flatMap(({ runs, rows }) => [runs, ...rows.flatMap((row) => row.cells.map((cell) => cell.runs))])
    .map((runs) => runs.map((run) => run.text).join(''))
    .join('\n')
}
