import { createSSEChannel } from 'uni-sse-channel'
import { createSSRApp } from 'vue'
import App from './App.vue'

export function createApp() {
  const app = createSSRApp(App)
  app.use(createSSEChannel({ url: import.meta.env.VITE_CHAT_URL }))
  return { app }
}
