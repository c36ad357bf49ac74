import { expect, it } from 'vitest'
import { languageAmong } from '../../src/highlight/language-names.js'

it.each([
  ['ts', 'ts'],
  ['TypeScript', 'ts'],
  ['C++', 'cpp'],
  ['shell', 'bash'],
  ['toString', undefined],
  ['brainfuck', undefined],
])('%s is %s of what is registered', (name, found) => {
  expect(languageAmong({ ts: 1, cpp: 1, bash: 1 }, name)).toBe(found)
})
