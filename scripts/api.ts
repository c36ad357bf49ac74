// The API alone, for npm run dev.
import { createDemoServer } from './demo-server.js'

const port = Number(process.env.API_PORT ?? 3001)
const { server, model } = createDemoServer()
server.listen(port, () => console.log(`API on http://localhost:${port}/api/chat, answers come from ${model}`))
