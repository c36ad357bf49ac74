import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { createSealedScope } from '../hosts/sealed-scope.js'

async function bundle(contents: string, external: string[] = []): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('../..', import.meta.url)) },
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    globalName: 'math',
    target: 'es2018',
    external,
  })
  return outputFiles[0]!.text
}

const USE = `
  const math = createMath(() => katex)
  math.prepare()
  export const result = JSON.stringify(math.render('\\\\sqrt{\\\\frac{a}{b}}', true).parts)`
const WITH_KATEX = `import katex from 'katex'\nimport { createMath } from './src/math.ts'${USE}`

it('formulas are typeset in a realm without web or Node globals', async () => {
  const code = await bundle(WITH_KATEX)
  const realm = createContext({})
  expect(runInContext(`${code};math.result`, realm)).toContain('"text":"a"')
})

it('and in the scope of a mini-program, where web globals are undefined', async () => {
  const code = await bundle(WITH_KATEX)
  const { scope } = createSealedScope({})
  const run = new Function('scope', `with (scope) { ${code}; return math.result }`) as (
    scope: object,
  ) => string
  expect(run(scope)).toContain('"text":"a"')
})

it('the entry brings no KaTeX along, and the rest of the package nothing of the entry', async () => {
  const entry = await bundle(`export { createMath } from './src/math.ts'`, ['vue'])
  expect(entry.length).toBeLessThan(16_000)
  expect(entry).not.toContain('ParseError')
  const main = await bundle(`export * from './src/index.ts'`, ['vue', 'pinia', '@vueuse/core'])
  expect(main).not.toContain('KaTeX')
})
