import { createPinia } from 'pinia'
import { createSSEChannel } from 'uni-sse-channel'
import { createSSRApp } from 'vue'
import App from './App.vue'
import { demoServer } from './pages/demo-server'

export function createApp() {
  const app = createSSRApp(App)
  app.use(createPinia())
  app.use(createSSEChannel({ url: () => `${demoServer()}/api/chat` }))
  return { app }
}
