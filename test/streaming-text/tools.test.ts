// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMarkdown, Flattener } from 'uni-sse-channel/markdown'
import { DomSink } from '../../components/streaming-text/dom-sink'
import { addTools, useTool, type Tool } from '../../components/streaming-text/dom-tools'

const all: readonly Tool[] = ['numbers', 'wrap', 'fold', 'download', 'copy-table', 'csv']

function show(text: string, tools: readonly Tool[] = all): HTMLElement {
  const host = document.body.appendChild(document.createElement('div'))
  const sink = new DomSink(
    () => 'Copy',
    undefined,
    (outer) => addTools(outer, tools, 'Copy'),
  )
  sink.mount(host)
  const engine = createMarkdown()
  const flat = new Flattener()
  for (const char of text) sink.write(flat.apply(engine.push(char)))
  sink.write(flat.apply(engine.end()))
  return host
}

/** What a button saves: the name and the text of the file. */
async function saved(button: Element): Promise<readonly [string, string]> {
  const files: Blob[] = []
  vi.spyOn(URL, 'createObjectURL').mockImplementation((file) => {
    files.push(file as Blob)
    return 'blob:x'
  })
  const names: string[] = []
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    names.push(this.download)
  })
  expect(useTool(button, 'Copy')).toBe(true)
  return [names[0] ?? '', await (files[0] as Blob).text()]
}

afterEach(() => {
  vi.restoreAllMocks()
  document.body.textContent = ''
})

const code = '```python\na = 1\n\nb = 2\n```\n'
const table = '| a | b |\n|---|---|\n| x, "y" | =1+1 |\n| -3.5 | z |\n'

describe('tools of code', () => {
  it('are none unless they are asked for', () => {
    const host = show(code + '\n' + table, [])
    expect(host.querySelectorAll('[data-tool], .st-numbers')).toHaveLength(0)
  })

  it('number each line as it comes, once', () => {
    expect(show(code).querySelector('.st-numbers')?.textContent).toBe('1\n2\n3')
  })

  it('wrap and fold tell whether they are pressed', () => {
    const host = show(code)
    const button = host.querySelector('[data-tool=fold]')!
    expect(button.getAttribute('aria-pressed')).toBe('false')
    useTool(button, 'Copy')
    expect([button.getAttribute('aria-pressed'), button.textContent]).toEqual(['true', 'Unfold'])
    expect(host.querySelector('.st-pre')?.classList.contains('st-pre--folded')).toBe(true)
    useTool(button, 'Copy')
    expect([button.getAttribute('aria-pressed'), button.textContent]).toEqual(['false', 'Fold'])
  })

  it('save the code without its numbers, under the ending of its language', async () => {
    expect(await saved(show(code).querySelector('[data-tool=download]')!)).toEqual([
      'code.py',
      'a = 1\n\nb = 2',
    ])
  })
})

describe('tools of tables', () => {
  it('save them as CSV that a spreadsheet reads and runs nothing of', async () => {
    const [name, text] = await saved(show(table).querySelector('[data-tool=csv]')!)
    expect(name).toBe('table.csv')
    expect(text.replace('\ufeff', '')).toBe('a,b\r\n"x, ""y""",\'=1+1\r\n-3.5,z\r\n')
  })
})
