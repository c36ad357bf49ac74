import { fileURLToPath } from 'node:url'
import { defineConfig, type PluginOption } from 'vite'
import uniModule from '@dcloudio/vite-plugin-uni'
import { CLOUD_PATHS } from './scripts/local-cloud/cloud-paths.js'
import { localCloudBuild } from './scripts/local-cloud/local-cloud-build.js'
import { compactViewScripts } from './src/vite/compact-view-scripts.js'
import { pieceNames } from './src/vite/piece-names.js'
import { platformDefines } from './src/vite/platform-defines.js'

// The plugin is CommonJS: depending on the loader its function is the module or the module's default.
const uni = ((uniModule as { default?: unknown }).default ?? uniModule) as () => PluginOption

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const api = { target: `http://127.0.0.1:${process.env.API_PORT ?? '3001'}`, ws: true }

export default defineConfig({
  plugins: [localCloudBuild(), platformDefines(), pieceNames(), compactViewScripts(), uni()],
  resolve: {
    // The demo imports the library by its public name, so that a page can be copied into another project as it is.
    alias: [
      { find: /^uni-sse-channel$/, replacement: source('./src/index.ts') },
      { find: /^uni-sse-channel\/markdown$/, replacement: source('./src/markdown.ts') },
      { find: /^uni-sse-channel\/highlight$/, replacement: source('./src/highlight.ts') },
      { find: /^uni-sse-channel\/math$/, replacement: source('./src/math.ts') },
      {
        find: /^uni-sse-channel\/math\.css$/,
        replacement: source('./components/streaming-text/math-fonts.css'),
      },
      { find: /^uni-sse-channel\/unicloud$/, replacement: source('./src/unicloud/index.ts') },
      { find: /^uni-sse-channel\/devtools$/, replacement: source('./src/devtools/index.ts') },
      { find: /^uni-sse-channel\/client$/, replacement: source('./src/client.ts') },
    ],
  },
  server: {
    proxy: Object.fromEntries(['/api', ...Object.values(CLOUD_PATHS)].map((path) => [path, api])),
  },
  build: {
    // The default leaves `??` and `catch {}` in mini-program output, which older base libraries can't parse.
    target: 'es2018',
  },
})
