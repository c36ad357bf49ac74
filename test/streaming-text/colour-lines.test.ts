import hljs from 'highlight.js'
import css from 'highlight.js/lib/languages/css'
import javascript from 'highlight.js/lib/languages/javascript'
import python from 'highlight.js/lib/languages/python'
import { describe, expect, it } from 'vitest'
import { createLineColours } from '../../components/streaming-text/colour-lines.js'
import { createHighlighter } from '../../src/highlight.js'
import { createMarkdown, Flattener } from '../../src/markdown.js'
import { UnitLog } from '../../components/streaming-text/unit-log.js'
import { foldLog } from './fold-log.js'

const samples = {
  javascript: `/* a comment
   over lines */
export class A extends B {
  #x = \`template \${1 + 2} and
  more\` // end
  run(a, b = 'text') { return /re+/.test(a) ? null : 0x1f }
}`,
  python: `"""A docstring
over lines"""
@decorator
def f(a: int = 1, *rest) -> str:
    return f"{a!r} text"  # comment
class A(B): pass`,
  css: `@media (min-width: 10px) {
  .a::before { content: 'x'; color: #fff; /* c */ }
}`,
} as const

const highlighter = createHighlighter({ javascript: () => javascript, python: () => python, css: () => css })

/** Each character's letter, from lines. */
function letters(language: string, code: string): string {
  const colour = highlighter.start(language)!
  return code
    .split('\n')
    .map((line) => {
      let out = ''
      for (const [, letter, size] of colour(line).matchAll(/([a-z_])(\d+)/g))
        out += letter!.repeat(Number(size))
      return out.padEnd(line.length, '_')
    })
    .join('\n')
}

/** The same from highlight.js itself, which sees the whole. */
function wholeScopes(language: string, code: string): number[] {
  const { value } = hljs.highlight(code, { language })
  const depths: number[] = []
  let depth = 0
  for (const [part] of value.matchAll(/<span[^>]*>|<\/span>|&[a-z#0-9]+;|[\s\S]/g)) {
    if (part.startsWith('<span')) depth++
    else if (part === '</span>') depth--
    else depths.push(depth)
  }
  return depths
}

describe('code, coloured line by line', () => {
  it.each(Object.entries(samples))(
    'of %s is plain nowhere but where highlight.js leaves it plain',
    (language, code) => {
      const ours = letters(language, code)
      const depths = wholeScopes(language, code)
      expect(ours).toHaveLength(depths.length)
      for (let at = 0; at < ours.length; at++)
        if (depths[at] === 0 && code[at] !== '\n') expect(`${at} ${ours[at]}`).toBe(`${at} _`)
      expect(ours).toMatchSnapshot()
    },
  )

  it('keeps a comment and a template open over lines', () => {
    const lines = letters('javascript', samples.javascript).split('\n')
    expect(lines[0]).toMatch(/^c+$/)
    expect(lines[1]).toMatch(/^c+$/)
    expect(lines[4]).toMatch(/^s+_+c+$/)
  })

  it('reads each of 5,000 lines once, in processor time that grows with them', () => {
    const colour = highlighter.start('javascript')!
    const time = (count: number) => {
      const begun = process.cpuUsage()
      for (let line = 0; line < count; line++)
        colour(`  const value${line} = { a: 'text', b: [1, 2] } // ${line}`)
      const { user, system } = process.cpuUsage(begun)
      return (user + system) / 1000
    }
    time(500)
    const once = time(1000)
    expect(time(4000)).toBeLessThan(once * 12 + 200)
  })

  it('knows only the languages it was given', () => {
    expect(highlighter.start('constructor')).toBeUndefined()
    expect(highlighter.start('cobol')).toBeUndefined()
  })

  it('adds colours in the view and never sends text again', () => {
    const engine = createMarkdown()
    const flat = new Flattener()
    const colours = createLineColours(highlighter)
    const log = new UnitLog()
    const sent: string[] = []
    const text = `\`\`\`javascript\n${samples.javascript}\n\`\`\`\n`
    for (let at = 0; at < text.length; at += 7)
      log.write(colours(flat.apply(engine.push(text.slice(at, at + 7)))))
    log.write(colours(flat.apply(engine.end())))
    log.claim({
      begin: (entries) => sent.push(...entries),
      append: () => undefined,
      setCursor: () => undefined,
    })
    const [block] = foldLog(sent)
    expect(block?.runs.map(({ t }) => t).join('')).toBe(samples.javascript)
    expect(block?.runs.filter(({ c }) => c.includes('st-hl--k')).map(({ t }) => t)).toContain('export')
    const visible = sent.join('').replace(/\u007f[A-Z][^ ]* |\u007f[a-z]/g, '')
    expect(visible).toBe(samples.javascript)
  })
})
