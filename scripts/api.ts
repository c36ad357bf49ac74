// The API alone, and the uniCloud of the demo, for npm run dev.
import { memoryLog } from 'uni-sse-channel/server'
import { createLocalCloud } from './local-cloud/cloud/create-local-cloud.js'
import { createDemoServer } from './demo-server.js'

const port = Number(process.env.API_PORT ?? 3001)
const cloud = await createLocalCloud({ functions: ['uniCloud-aliyun/cloudfunctions'] })
const { server, model } = createDemoServer(undefined, process.env, memoryLog(), cloud)
server.listen(port, () => console.log(`API on http://localhost:${port}/api/chat, answers come from ${model}`))
