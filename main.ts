import { createPinia } from 'pinia'
import { createSSEChannel } from 'uni-sse-channel'
// #ifdef H5
import { createMath } from 'uni-sse-channel/math'
import { lateColours } from './pages/late-colours'
// #endif
// #ifdef APP
import { highlighter } from './pages/code-languages'
// #endif
import { createSSRApp } from 'vue'
import App from './App.vue'
import { demoServer } from './pages/demo-server'

export function createApp() {
  const app = createSSRApp(App)
  app.use(createPinia())
  app.use(createSSEChannel({ url: () => `${demoServer()}/api/chat` }))
  // #ifdef H5
  // With the device's fonts: KaTeX's would make the demo half as large again.
  app.use(createMath(() => import('katex'), { fonts: 'system' }))
  app.use(lateColours)
  // #endif
  // #ifdef APP
  // A mini program has 2 MB for all it is: a tenth of a MB for colours is its author's choice.
  app.use(highlighter)
  // #endif
  return { app }
}
