import javascript from 'highlight.js/lib/languages/javascript'
import xml from 'highlight.js/lib/languages/xml'
import { createHighlighter } from 'uni-sse-channel/highlight'
import { createSSRApp } from 'vue'
import App from './App.vue'
import type { PlayOrder } from './play-order'

export function createApp() {
  const app = createSSRApp(App)
  const order = uni.getStorageSync('play') as PlayOrder | ''
  if (order && order.highlight)
    app.use(
      createHighlighter({
        js: () => javascript,
        javascript: () => javascript,
        html: () => xml,
        xml: () => xml,
      }),
    )
  return { app }
}
