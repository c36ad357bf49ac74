import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentFilter } from '../../../src/server/filter/content-filter.js'
import { unfinishedMatch } from '../../../src/server/filter/unfinished-match.js'

const couldBegin = (pattern: RegExp, text: string) => {
  const index = unfinishedMatch(pattern)?.exec(text)?.index
  return index === text.length ? -1 : index
}

describe('unfinishedMatch', () => {
  it.each([
    [/password/i, 'my Pass', 3],
    [/password/, 'my passport', -1],
    [/a(?:bc|de)+f/, 'xabcd', 1],
    [/\d{4}-\d{2}/, 'on 2024-1', 3],
    [/(?<year>\d+)x/, 'a12', 1],
    [/[^\]a]+\]/, 'a]bc', 2],
    [/foo\B/, 'foo', 0],
    [/foo$/m, 'foo', 0],
    [/^ab/m, 'x\na', 2],
    [/\u{1f44d}!/u, '好👍', 1],
    [/\x41\u0042c/, 'zAB', 1],
    [/a|abc/, 'ab', 0],
  ])('finds where %s could go on in %j', (pattern, text, index) => {
    expect(couldBegin(pattern, text)).toBe(index)
  })

  it.each([/a(?=b)/, /a(?!b)/, /(?<=a)b/, /(?<!a)b/, /(a)b\1/, /(?<n>a)\k<n>/])(
    'does not know of %s, which looks around or back',
    (pattern) => expect(unfinishedMatch(pattern)).toBeUndefined(),
  )

  it.each([
    /(\d+[ -]?)+/,
    /(?:\w+\s?)*/,
    /(?:a|aa)+/,
    /(?:a|.)+/,
    /(?:x(a+)){2,}/,
    /(?:\d+){1,16}/,
    /(?:ab?|b)+/,
  ])('does not look for the end of %s, which would take forever', (pattern) =>
    expect(unfinishedMatch(pattern)).toBeUndefined(),
  )

  it.each([
    [/(?:\d[ -]?){13,16}/, 'to 4111 1111', 3],
    [/(?:foo|bar)+!/, 'a foobarfo', 2],
    [/(?:ab){2,}/, 'xaba', 1],
    [/[\w.]+@[\w.]+\.\w+/, 'mail a.b@c', 5],
    [/(\d+)?x/, 'a 12', 2],
    [/(?:a|ab)?c/, 'x ab', 2],
  ])('looks for the end of %s, with a loop in it, from its beginning in %j', (pattern, text, index) =>
    expect(couldBegin(pattern, text)).toBe(index),
  )

  it('makes a stream say what the whole text says, for patterns of every kind, wherever it is cut', () => {
    const atoms = [
      'a',
      'b',
      '[ab]',
      '[^a]',
      '\\w',
      '.',
      '(?:ab|b)',
      '(a|ba)',
      '\\b',
      'a?',
      'b*',
      'a+?',
      '(?:ab){1,2}',
    ]
    const pattern = fc
      .array(fc.constantFrom(...atoms), { minLength: 1, maxLength: 4 })
      .map((parts) => new RegExp(`c${parts.join('')}`, 's'))
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ' ', '\n', '好'), { maxLength: 40 })
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 })
    fc.assert(
      fc.property(pattern, text, sizes, (forbidden, chars, pieces) => {
        const filter = contentFilter([forbidden])
        const stream = filter.stream()
        const whole = chars.join('')
        let said = ''
        for (let at = 0, i = 0; at < whole.length; i++) {
          const size = pieces[i % pieces.length]!
          said += stream.push(whole.slice(at, at + size))
          at += size
        }
        expect(said + stream.flush()).toBe(filter.text(whole))
      }),
      { numRuns: 5_000 },
    )
  })
})
