import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

async function bundle(): Promise<string> {
  const entry = (name: string) => fileURLToPath(new URL(`../../src/markdown/${name}.ts`, import.meta.url))
  const contents = `export * from ${JSON.stringify(entry('create-markdown'))}; export * from ${JSON.stringify(entry('render-list'))}`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: '/' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'engine',
    target: 'es2018',
  })
  return outputFiles[0]!.text
}

it('runs in a realm without web or Node globals', async () => {
  const realm = createContext({})
  const text = JSON.stringify('# 标题\n\n**注意：**请看 [a](https://b.c) &amp; 😀\n\n| a |\n|---|\n| b |\n')
  const code = `${await bundle()}
    const markdown = engine.createMarkdown(), list = engine.createRenderList()
    for (const char of ${text}) list.apply(markdown.push(char))
    list.apply(markdown.end())
    list.blocks.map((block) => block.block.type).join()`
  expect(runInContext(code, realm)).toBe('heading,paragraph,table')
})

it('uses no syntax or pattern that older mini-program engines refuse', async () => {
  const code = await bundle()
  expect(code).not.toMatch(/\(\?<[=!]/)
  // Classes only where they are tried and may fail, never as a literal, which would break the whole script.
  const tried = code.match(/new RegExp\("[^"]*\\p\{[^"]*", "u"\)/g) ?? []
  expect(code.match(/\\p\{[PS]\}/g)).toHaveLength(2 * tried.length)
})

it('reads emphasis beside punctuation where the engine knows no classes', async () => {
  const realm = createContext({})
  const code = `const Native = RegExp
    RegExp = function (source, flags) {
      if (/\\\\p\\{/.test(source)) throw new SyntaxError('no classes')
      return new Native(source, flags)
    }
    ${await bundle()}
    const markdown = engine.createMarkdown({ extensions: [] })
    JSON.stringify(markdown.push('a**“b”**c **“b”** d').concat(markdown.end()))`
  const ops = String(runInContext(code, realm))
  expect(ops.match(/"strong"/g)).toHaveLength(1)
})
