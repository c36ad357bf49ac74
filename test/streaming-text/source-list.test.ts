import { expect, it } from 'vitest'
import { sourceIndex, sourceList } from '../../components/streaming-text/source-list'

it('takes addresses, objects, and of a message’s parts those that are sources', () => {
  expect(
    sourceList([
      'https://a.b',
      { url: 'https://c.d' },
      { type: 'text', text: 'x' },
      { type: 'source-url', url: 'https://e.f' },
    ]),
  ).toEqual([{ url: 'https://a.b' }, { url: 'https://c.d' }, { type: 'source-url', url: 'https://e.f' }])
})

it.each([
  ['1', 0],
  ['3', -1],
  ['0', -1],
  ['4:1', 1],
  ['4:2', -1],
  ['doc', 1],
])('a citation of %s names the source at %s', (label, index) => {
  expect(sourceIndex([{ url: 'a' }, { id: 'doc', url: 'b' }], label)).toBe(index)
})
