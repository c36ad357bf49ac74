import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { ProgressReporter } from './helpers/progress-reporter.js'

const source = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const native = new Set('view text scroll-view button input textarea image block swiper rich-text'.split(' '))

// uni-app's own Vite plugin stays out: tests of compiled output build the app first, see test/hosts.
export default defineConfig({
  root: source('.'),
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => native.has(tag) } } })],
  resolve: {
    alias: [
      { find: /^uni-sse-channel$/, replacement: source('src/index.ts') },
      { find: /^uni-sse-channel\/markdown$/, replacement: source('src/markdown.ts') },
      { find: /^uni-sse-channel\/highlight$/, replacement: source('src/highlight.ts') },
      { find: /^uni-sse-channel\/math$/, replacement: source('src/math.ts') },
      { find: /^uni-sse-channel\/unicloud$/, replacement: source('src/unicloud/index.ts') },
      { find: /^uni-sse-channel\/client$/, replacement: source('src/client.ts') },
      { find: /^uni-sse-channel\/server\/redis$/, replacement: source('src/server/log/redis/index.ts') },
      { find: /^uni-sse-channel\/server$/, replacement: source('src/server/index.ts') },
    ],
  },
  // Tests build what other tests import: Vite must look again for files that were not there before.
  server: { fs: { cachedChecks: false } },
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', new ProgressReporter()],
    // For two cores: much of the time apps wait for sockets and timers, but their builds do not.
    maxWorkers: 3,
    minWorkers: 1,
    // Longer than any wait within, so that it is the wait that fails and tells the state. Builds are in hooks.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000, interval: 10 } },
  },
})
