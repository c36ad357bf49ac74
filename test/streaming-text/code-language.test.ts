import { expect, it } from 'vitest'
import { codeLanguage } from '../../components/streaming-text/code-language.js'

it.each([
  ['js', 'js'],
  ['C++', 'C++'],
  ['objective-c', 'objective-c'],
  ['vb.net', 'vb.net'],
  ['js:src/a.js', 'js'],
  ['ts{1,3-5}', 'ts'],
  ['python title="a.py"', 'python'],
  ['sql,linenos', 'sql'],
  ['language-go', 'go'],
  ['{.rust .numberLines}', 'rust'],
  ['{r setup, echo=FALSE}', 'r'],
  ['12:20:app/todo.tsx', 'tsx'],
  ['src/main.py', 'py'],
  ['Dockerfile', 'Dockerfile'],
  ['', ''],
])('the language of %j is %j', (info, language) => {
  expect(codeLanguage(info)).toBe(language)
})
