import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformWithEsbuild } from 'vite'
import { expect, test } from 'vitest'
import { exportsOf, withoutMissing } from '../../src/vite/missing-vue-exports.js'
import { publishedPackage } from './published-package.js'

test('names that Vue lacks become undefined, the others stay imported', () => {
  const code = `import { ref, TransitionGroup, h as create } from "vue"\nuse(ref, TransitionGroup, create)`
  expect(withoutMissing(code, new Set(['ref', 'h']))).toBe(
    `import { ref, h as create } from 'vue'; const TransitionGroup = undefined;\nuse(ref, TransitionGroup, create)`,
  )
})

test('imports from elsewhere stay as they are', () => {
  const code = `import { TransitionGroup } from 'other'`
  expect(withoutMissing(code, new Set())).toBe(code)
})

test.each(['10.11.1', '11.3.0', '13.9.0'])(
  '@vueuse/core %s asks for nothing else that a mini-program lacks',
  async (version) => {
    const file = join(await publishedPackage('@vueuse/core', version), 'index.mjs')
    const vue = readFileSync(
      new URL('../../node_modules/@dcloudio/uni-mp-vue/dist/vue.runtime.esm.js', import.meta.url),
      'utf8',
    )
    const code = withoutMissing(readFileSync(file, 'utf8'), exportsOf(vue))
    expect(code).toMatch(/const TransitionGroup = undefined;/)
    await expect(transformWithEsbuild(code, file)).resolves.toBeTruthy()
  },
  90_000,
)
