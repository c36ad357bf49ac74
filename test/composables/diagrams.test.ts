import { describe, expect, it, vi } from 'vitest'
import { createMarkdown } from '../../src/markdown/create-markdown.js'
import { Flattener } from '../../src/markdown/flatten.js'
import { createDiagrams, type DrawDiagram } from '../../src/composables/diagrams.js'
import type { ViewOp } from '../../src/composables/formulas.js'

const text = '- a\n\n  ```mermaid\n  graph TD\n  ```\n\nafter\n'

function play(draw: DrawDiagram) {
  const shown: ViewOp[] = []
  const engine = createMarkdown()
  const flat = new Flattener()
  const stage = createDiagrams({ mermaid: draw }).stage(() => shown.push(...stage([])))
  for (const char of text) shown.push(...stage(flat.apply(engine.push(char))))
  shown.push(...stage(flat.apply(engine.end())))
  const said = () => shown.flatMap((op) => (op.op === 'text' ? op.text : [])).join('')
  const images = () => shown.flatMap((op) => (op.op === 'run' && op.look.src ? op.look.src : []))
  return { shown, said, images }
}

describe('diagrams', () => {
  it('stand below their source, in the same item, and what follows waits for them', async () => {
    let done: (drawn: string) => void = () => undefined
    const draw = vi.fn(() => new Promise<string>((resolve) => (done = resolve)))
    const { shown, said, images } = play(draw)
    expect(draw).toHaveBeenCalledExactlyOnceWith('graph TD')
    expect(said()).toBe('agraph TD')
    done('<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>')
    await vi.waitFor(() => expect(said()).toBe('agraph TDmermaidafter'))
    expect(images()).toEqual([expect.stringMatching(/^data:image\/svg\+xml;charset=utf-8,%3Csvg/)])
    const blocks = shown.flatMap((op) => (op.op === 'block' ? [op] : []))
    expect(blocks[2]?.path).toEqual(blocks[1]?.path)
  })

  it.each([
    ['fail', () => Promise.reject(new Error('no'))],
    ['are no image', () => Promise.resolve('javascript:alert(1)')],
  ])('that %s leave their source', async (_name, draw) => {
    const { said, images } = play(draw)
    await vi.waitFor(() => expect(said()).toBe('agraph TDafter'))
    expect(images()).toEqual([])
  })

  it('that take long are left out, also when they come in the end', async () => {
    vi.useFakeTimers()
    let done: (drawn: string) => void = () => undefined
    const { said, images } = play(() => new Promise<string>((resolve) => (done = resolve)))
    await vi.advanceTimersByTimeAsync(3000)
    vi.useRealTimers()
    expect(said()).toBe('agraph TDafter')
    done('https://example.com/a.png')
    await Promise.resolve()
    expect(images()).toEqual([])
  })
})
