import { describe, expect, it } from 'vitest'
import { plainAnswer } from '../../components/streaming-text/plain-answer.js'
import { withoutReasoning } from '../../src/markdown/reasoning-tag.js'
import { createTextFeed } from '../../components/streaming-text/text-feed.js'

function plain(text: string): string {
  const feed = createTextFeed({})
  return plainAnswer([...feed.take(text), ...feed.end()])
}

describe('an answer as plain text', () => {
  it('has blank lines between blocks and none between items', () => {
    expect(plain('# A\n\nb *c*\n\n- d\n- e\n\n  f\n\n3. g\n   - h\n\n> i\n> j\n')).toBe(
      'A\n\nb c\n\n- d\n- e\nf\n\n3. g\n  - h\n\ni\nj',
    )
  })

  it('has cells by tabs, empty ones, too', () => {
    expect(plain('| a | b |\n|---|---|\n| | c |\n| d | |\n\ne')).toBe('a\tb\n\tc\nd\t\n\ne')
  })

  it('has code as it stands, and formulas as their source', () => {
    expect(plain('```\n\n  a\n\nb  \n```\n\n$x$ and\n\n$$\ny\n$$\n')).toBe(
      '\n  a\n\nb  \n\n$x$ and\n\n$$\ny\n$$',
    )
  })

  it('has boxes of tasks, items without text, and no reasoning', () => {
    expect(plain('<think>\nhm\n</think>\n\n- [x] a\n- [ ] b\n-\n- c\n')).toBe('☑ a\n☐ b\n-\n- c')
  })
})

describe('an answer as markdown', () => {
  it('is what the model wrote, without reasoning before it', () => {
    expect(withoutReasoning('<think>\na\n</think>\n\n**b** `<think>`')).toBe('**b** `<think>`')
    expect(withoutReasoning('<Thought time="3">a</Thought>b')).toBe('b')
    for (const [begin, end] of [
      ['<seed:think>', '</seed:think>'],
      ['<ant_thinking>', '</ant_thinking>'],
      ['◁think▷', '◁/think▷'],
      ['[THINK]', '[/THINK]'],
      ['<|begin_of_thought|>', '<|end_of_thought|>'],
      ['<|channel|>analysis<|message|>', '<|end|><|start|>assistant<|channel|>final<|message|>'],
      ['<|channel>thought\n', '<channel|>'],
    ])
      expect(withoutReasoning(`${begin}a\n${end}\n\n**b**`)).toBe('**b**')
    expect(withoutReasoning('**b**\n')).toBe('**b**\n')
  })
})
