import { defineConfig, type PluginOption } from 'vite'
import uniModule from '@dcloudio/vite-plugin-uni'

const uni = ((uniModule as { default?: unknown }).default ?? uniModule) as () => PluginOption

// Nothing of uni-sse-channel: that it is a dependency must be enough.
export default defineConfig({ plugins: [uni()], build: { target: 'es2018' } })
