import { describe, expect, it } from 'vitest'
import { createMarkdown } from '../../src/markdown/create-markdown.js'
import { createRenderList, type RenderList, type Run } from '../../src/markdown/render-list.js'

/**
 * Answers that stand still in the middle of something, as a slow model or a lost connection leaves them: what a
 * reader sees meanwhile has no half of a mark in it, and what he sees at the end is what the whole text means.
 */
const LEAD = 'A paragraph that is long enough to be shown.'

const lineOf = (runs: readonly Run[]) =>
  runs
    .map(({ look, text }) => (look.style || look.link || look.kind !== 'text' ? `‹${text}›` : text))
    .join('')

/** Blocks by the first letter of their type, marked runs in brackets, cells behind bars. */
const shown = ({ blocks }: RenderList) =>
  blocks
    .map(({ block, runs, rows }) =>
      block.type === 'table'
        ? `t${rows.map(({ cells }) => `/${cells.map((cell) => lineOf(cell.runs)).join('|')}`).join('')}`
        : `${block.type.charAt(0)}:${lineOf(runs)}`,
    )
    .join(' ¶ ')
    .replace(`p:${LEAD}`, '…')

/** `paused`: the end, where the words that a pause made visible can't become what they would have been. */
const tails: readonly (readonly [tail: string, waiting: string, ended: string, paused?: string])[] = [
  [' **bold wor', '… ', '… **bold wor'],
  [' **bold*', '… ', '… *‹bold›'],
  [' *it', '… ', '… *it'],
  [' ***both', '… ', '… ***both'],
  [' __bold', '… ', '… __bold'],
  [' `code wor', '… ', '… `code wor'],
  [' ``co`de', '… ', '… ``co`de'],
  [' ~~gon', '… ', '… ~~gon'],
  [' **done** and **mo', '… ‹done› and ', '… ‹done› and **mo'],
  [' **bold with `code` and [li', '… ', '… **bold with ‹code› and [li'],
  [' [text', '… ', '… [text'],
  [' [text](https://a.co/long', '… ', '… [text](‹https://a.co/long›'],
  [' [text](https://a.co "ti', '… ', '… [text](‹https://a.co› "ti'],
  [' ![alt](https://a.co/b.p', '… ', '… ![alt](‹https://a.co/b.p›'],
  [' https://exam', '… ', '… https://exam'],
  [' www.exam', '… www.exam', '… ‹www.exam›', '… www.exam'],
  [' <https://exa', '… ', '… <https://exa'],
  [' <b', '… ', '… <b'],
  [' &am', '… ', '… &am'],
  [' a\\', '… a', '… a\\'],
  [' price is $5', '… price is ', '… price is $5'],
  [' 2 * 3 * 4', '… 2 * 3 * 4', '… 2 * 3 * 4'],
  [' snake_case_na', '… snake_case_na', '… snake_case_na'],
  [' $x^2', '… ', '… $x^2'],
  [' \\(x', '… ', '… (x'],
  ['\n\n``', '…', '… ¶ p:``'],
  ['\n\n```j', '…', '… ¶ c:'],
  ['\n\n```js\nlet a', '… ¶ c:let a', '… ¶ c:let a'],
  ['\n\n```js\nlet a\n``', '… ¶ c:let a', '… ¶ c:let a\n``'],
  ['\n\n#', '…', '… ¶ h:'],
  ['\n\n## Head', '… ¶ h:Head', '… ¶ h:Head'],
  ['\n\nHead\n=', '… ¶ p:Head', '… ¶ h:Head', '… ¶ p:Head\n='],
  ['\n\n- a\n- **b', '… ¶ p:a ¶ p:', '… ¶ p:a ¶ p:**b'],
  ['\n\n1. a\n2', '… ¶ p:a', '… ¶ p:a\n2'],
  ['\n\n- [x', '…', '… ¶ p:[x'],
  ['\n\n> a\n>', '… ¶ p:a', '… ¶ p:a'],
  ['\n\n| a | b |', '…', '… ¶ p:| a | b |'],
  ['\n\n| a | b |\n|---', '…', '… ¶ p:| a | b |\n|---'],
  ['\n\n| a | b |\n|---|---', '…', '… ¶ t/a|b'],
  ['\n\n| a | b |\n|---|---|\n| c | **d', '… ¶ t/a|b/c|', '… ¶ t/a|b/c|**d'],
  ['\n\n--', '…', '… ¶ p:--'],
  ['\n\n$$\nx', '…', '… ¶ m:x'],
  [' as in $$\nx', '… as in ', '… as in $$\nx'],
  [' H<sub>2', '… H‹2›', '… H‹2›'],
  [' note[^1', '… note', '… note[^1'],
  ['\n\n<think>\nhm', '… ¶ p:hm', '… ¶ p:hm'],
  ['\n\n</thi', '…', '… ¶ p:</thi'],
  ['\n\n<details', '…', '… ¶ h:<details'],
]

describe('an answer that stops in the middle', () => {
  const cases = tails.map(([tail, waiting, ended, paused = ended]) => ({ tail, waiting, ended, paused }))

  it.each(cases)('of $tail shows no half of a mark, and at the end all of it', (given) => {
    const markdown = createMarkdown()
    const list = createRenderList()
    for (const character of LEAD + given.tail) list.apply(markdown.push(character))
    list.apply(markdown.settle('words'))
    expect(shown(list).trimEnd()).toBe(given.waiting.trimEnd())
    list.apply(markdown.end())
    expect(shown(list)).toBe(given.paused)

    const whole = createRenderList()
    const once = createMarkdown()
    whole.apply([...once.push(LEAD + given.tail), ...once.end()])
    expect(shown(whole)).toBe(given.ended)
  })
})
