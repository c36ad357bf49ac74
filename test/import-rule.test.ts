import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { importViolations } from './helpers/import-rule.js'

const root = fileURLToPath(new URL('..', import.meta.url))

function filesOf(folder: string): string[] {
  if (!existsSync(root + folder)) return []
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|vue)$/.test(name))
    .map((name) => `${folder}/${name.replace(/\\/g, '/')}`)
}

test('every import and every platform name keeps the folder rule', () => {
  const files = ['src', 'components', 'pages', 'scripts'].flatMap(filesOf)
  expect(files.length).toBeGreaterThan(30)
  expect(files.flatMap((file) => importViolations(file, readFileSync(root + file, 'utf8')))).toEqual([])
})

test('no two files of src have the same name, but those that are the entry of their folder', () => {
  const names = filesOf('src').map((path) => path.slice(path.lastIndexOf('/') + 1))
  const twice = names.filter((name, at) => name !== 'index.ts' && names.indexOf(name) !== at)
  expect(twice).toEqual([])
})

describe('the rule sees', () => {
  test.each([
    ['src/core/x.ts', "import { ref } from 'vue'"],
    ['src/core/x.ts', "import { createParser } from 'eventsource-parser'"],
    ['src/core/x.ts', "import { y } from '../platform/y.js'"],
    ['src/core/x.ts', "export * from '../stores/y.js'"],
    ['src/core/x.ts', "import fs from 'node:fs'"],
    ['src/core/deep/x.ts', "import { y } from '../../transports/y.js'"],
    ['src/core/x.ts', "import { y } from '../index.js'"],
    ['src/decoders/x.ts', "import type { Y } from '../stores/y.js'"],
    ['src/decoders/x.ts', "let y: import('../transports/y.js').Y"],
    ['src/markdown/x.ts', "const y = await import('../decoders/y.js')"],
    ['src/server/x.ts', "import { y } from '../transports/y.js'"],
    ['src/platform/x.ts', "import { y } from '../transports/y.js'"],
    ['src/transports/x.ts', "import { y } from '../stores/y.js'"],
    ['src/stores/x.ts', "import { y } from '../server/y.js'"],
    ['src/composables/x.ts', "import { y } from 'uni-sse-channel/server'"],
    ['src/stores/x.ts', "import y from '../../components/y/y.vue'"],
    ['src/composables/x.ts', "import y from '@/pages/chat/y'"],
    ['components/x/x.vue', '<script setup lang="ts">\nimport y from "../../pages/chat/y"\n</script>'],
    ['src/core/x.ts', 'uni.request({})'],
    ['src/stores/x.ts', "const x = typeof document === 'object'"],
    ['src/stores/x.ts', 'const { onLine } = navigator'],
    ['src/server/x.ts', 'export const x = { window }'],
    ['src/markdown/x.ts', 'wx.createX(); tt.x()'],
    ['src/index.ts', 'plus.x()'],
    ['scripts/x.ts', "import { y } from '../test/y.js'"],
    ['pages/x/x.ts', "import { y } from '../../test/y.js'"],
  ])('that %s breaks it with %s', (path, source) => {
    expect(importViolations(path, source)).not.toEqual([])
  })

  test.each([
    ['src/core/x.ts', "import { y } from './y.js'"],
    ['src/transports/x.ts', "import { y } from '../platform/y.js'\nuni.request({})"],
    ['src/platform/x.ts', 'document.addEventListener(navigator.x)'],
    ['src/stores/x.ts', "import { y } from '../transports/y.js'\nimport { ref } from 'vue'"],
    ['src/index.ts', "export { y } from './stores/y.js'"],
    ['src/decoders/x.ts', '// uni.request, window\nconst s = "document"; x.window; const y = { my: 1 }'],
    ['src/server/x.ts', 'function f(window: string[]) { return window.length }\nconst my = 1; g(my)'],
    ['scripts/faults.ts', "import { y } from '../test/y.js'"],
    ['scripts/x.ts', "import { y } from '../src/y.js'\nprocess.exit()"],
    ['src/core/x.ts', 'interface X { window: number }\nfunction f(p: X) { return p.window }'],
    [
      'pages/chat/chat.vue',
      '<script setup>\nimport y from "../../components/y/y.vue"\nuni.navigateTo({})\n</script>',
    ],
    [
      'components/x/x.vue',
      "<template>window</template><script>\nimport { y } from 'uni-sse-channel'\n</script>",
    ],
  ])('nothing wrong with %s: %s', (path, source) => {
    expect(importViolations(path, source)).toEqual([])
  })
})
