import { writeClipboard } from 'uni-sse-channel'
import { toolWords, type ToolWords } from './tool-words'

/** What a code block and a table may offer besides copying code, on H5. */
export type Tool = 'numbers' | 'wrap' | 'fold' | 'download' | 'copy-table' | 'csv'

/** Names of files by language; others are their own ending. */
const ENDINGS: Readonly<Record<string, string>> = {
  ...{ javascript: 'js', typescript: 'ts', python: 'py', markdown: 'md', csharp: 'cs', kotlin: 'kt' },
  ...{
    bash: 'sh',
    shell: 'sh',
    ruby: 'rb',
    rust: 'rs',
    golang: 'go',
    yaml: 'yml',
    'c++': 'cpp',
    plaintext: 'txt',
  },
}

const SAID_MS = 1500

function addButton(parent: Element, tool: string, label: string): void {
  const button = parent.ownerDocument.createElement('button')
  button.type = 'button'
  button.className = 'st-pre__copy st-tool'
  button.dataset['tool'] = tool
  button.textContent = label
  parent.appendChild(button)
}

/** Adds their tools to a block that is not in the document yet. */
export function addTools(outer: HTMLElement, tools: readonly Tool[], copyLabel: string): void {
  const words = toolWords(copyLabel)
  const head = outer.querySelector('.st-pre__head')
  if (head) {
    if (tools.includes('numbers')) addNumbers(outer)
    if (tools.includes('wrap')) addButton(head, 'wrap', words.wrap)
    if (tools.includes('fold')) addButton(head, 'fold', words.fold)
    if (tools.includes('download')) addButton(head, 'download', words.download)
    for (const button of head.querySelectorAll('[data-tool=wrap], [data-tool=fold]'))
      button.setAttribute('aria-pressed', 'false')
  } else if (outer.querySelector('.st-table')) {
    const bar = outer.ownerDocument.createElement('div')
    bar.className = 'st-table__tools'
    if (tools.includes('copy-table')) addButton(bar, 'copy-table', words.copyTable)
    if (tools.includes('csv')) addButton(bar, 'csv', 'CSV')
    if (bar.firstChild) outer.insertBefore(bar, outer.firstChild)
  }
}

/** A column of numbers, to which whoever adds lines adds. */
function addNumbers(outer: HTMLElement): void {
  const pre = outer.querySelector('pre')
  const numbers = outer.ownerDocument.createElement('span')
  numbers.className = 'st-numbers'
  numbers.setAttribute('aria-hidden', 'true')
  numbers.textContent = '1'
  pre?.insertBefore(numbers, pre.firstChild)
}

/** Uses the tool whose button was pressed; false where none was. */
export function useTool(target: Element, copyLabel: string): boolean {
  const button = target.closest<HTMLElement>('[data-tool]')
  const outer = button?.closest('.st-pre, .st-scroll')
  if (!button || !outer) return false
  const words = toolWords(copyLabel)
  const tool = button.dataset['tool']
  if (tool === 'wrap' || tool === 'fold') toggle(button, outer, tool, words)
  else if (tool === 'copy-table')
    void writeClipboard(
      rowsOf(outer)
        .map((row) => row.join('\t'))
        .join('\n'),
    ).then((done) => {
      if (done) say(button, words.copied, words.copyTable)
    })
  else if (tool === 'csv')
    save('table.csv', `\ufeff${rowsOf(outer).map(csvLine).join('\r\n')}\r\n`, button.ownerDocument)
  else {
    const language = (outer.querySelector('.st-pre__language')?.textContent ?? '').toLowerCase()
    const ending = ENDINGS[language] ?? (/^\w{1,9}$/.test(language) ? language : 'txt')
    save(`code.${ending}`, outer.querySelector('.st-pre__text')?.textContent ?? '', button.ownerDocument)
  }
  return true
}

function toggle(button: HTMLElement, outer: Element, tool: 'wrap' | 'fold', words: ToolWords): void {
  const on = outer.classList.toggle(tool === 'wrap' ? 'st-pre--wrap' : 'st-pre--folded')
  button.setAttribute('aria-pressed', String(on))
  if (tool === 'fold') button.textContent = on ? words.unfold : words.fold
}

function say(button: HTMLElement, said: string, label: string): void {
  button.textContent = said
  setTimeout(() => (button.textContent = label), SAID_MS)
}

/** A long table is several ones for the browser. */
const rowsOf = (outer: Element): string[][] =>
  Array.from(outer.querySelectorAll('tr'), (row) =>
    Array.from(row.cells, (cell) => (cell.textContent ?? '').replace(/\s*\n\s*/g, ' ')),
  )

/** What begins like a formula would be run by a spreadsheet. */
const csvLine = (cells: readonly string[]): string =>
  cells
    .map((cell) => (/^[=+\-@\t]/.test(cell) && !/^[+-]?[\d.,]+%?$/.test(cell) ? `'${cell}` : cell))
    .map((cell) => (/[",\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell))
    .join(',')

function save(name: string, text: string, page: Document): void {
  const link = page.createElement('a')
  link.download = name
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
