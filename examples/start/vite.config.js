import uniModule from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'

// The plugin is CommonJS.
const uni = uniModule.default ?? uniModule

export default defineConfig({ plugins: [uni()] })
